import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConsumedLog, ToldGap } from './verdict.ts';

/** Runs the programs of docs/feed/ that follow the feed, kills them and starts them again. */

const program = (name: string): string =>
  fileURLToPath(new URL(`../../../docs/feed/${name}`, import.meta.url));

export interface FollowerKind {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What has to be on this machine. */
  readonly needs: readonly string[];
  /** Options beside `--once`. */
  readonly options: readonly string[];
}

export const FOLLOWER_KINDS: readonly FollowerKind[] = [
  { name: 'TypeScript, JSON', command: [process.execPath, program('follow.ts')], needs: [], options: [] },
  {
    name: 'TypeScript, NDJSON',
    command: [process.execPath, program('follow.ts')],
    needs: [],
    options: ['--ndjson'],
  },
  { name: 'Python', command: ['python3', program('follow.py')], needs: ['python3'], options: [] },
  { name: 'curl and sh', command: ['sh', program('follow.sh')], needs: ['sh', 'curl'], options: [] },
];

/** @returns what of its needs this machine has not */
export const missingOf = ({ needs }: FollowerKind): string[] =>
  needs.filter((command) => {
    const { error, status } = spawnSync(command, command === 'sh' ? ['-c', ':'] : ['--version'], {
      stdio: 'ignore',
    });
    return error !== undefined || status !== 0;
  });

/** When a run of a follower is killed. */
export interface Kill {
  /** At the latest so long after its start, milliseconds. */
  readonly after: number;
  /** Or as soon as its output grows: most often, it has not saved its cursor then. */
  readonly asItWrites: boolean;
}

export interface Follower {
  readonly name: string;
  /** Runs it until there is no more for now, or until it is killed. */
  run(kill?: Kill): Promise<void>;
  /** Kills what runs. */
  kill(): void;
  /** What the saved part of its output has. */
  logs(): ConsumedLog[];
  readonly gaps: readonly ToldGap[];
  /** How often it was killed, and how often its output had then more than its saved state says. */
  kills(): { all: number; between: number };
  /** How it ended although it should not have, in words. */
  readonly failures: readonly string[];
}

/** What runs now: it would go on without the process that started it. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

const OUTPUT = 'logs.ndjson';

const GAP = /logs may be missing since (\S+)\n/g;

/** @param folder for its output and its state */
export function follower(
  { name, command: [executable, ...rest], options }: FollowerKind,
  feedUrl: string,
  apiKey: string,
  folder: string,
): Follower {
  const output = join(folder, OUTPUT);
  const state = join(folder, 'state');
  const gaps: ToldGap[] = [];
  const failures: string[] = [];
  const kills = { all: 0, between: 0 };
  let child: ChildProcess | undefined;

  const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);
  const savedLength = (): number => Number(readState().split('\n')[0]);
  const readState = (): string => (existsSync(state) ? readFileSync(state, 'utf8') : '0\n');
  const killNow = (): void => {
    // Its own process only: what it has started may go on for a moment, as it would on any machine.
    child?.kill('SIGKILL');
  };

  return {
    name,
    gaps,
    failures,
    kills: () => kills,
    kill: killNow,
    async run(kill) {
      const running = spawn(executable, [...rest, '--once', ...options, feedUrl, output, state], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH: process.env['PATH'], EASYSEND_SECURITY_LOGS_API_KEY: apiKey },
      });
      child = running;
      children.add(running);
      let said = '';
      running.stderr?.on('data', (chunk: Buffer) => {
        said += chunk;
        said = said.replace(GAP, (_, since) => {
          gaps.push({ since: Date.parse(since), seenAt: Date.now() });
          return '';
        });
      });
      const timer = kill && setTimeout(killNow, kill.after);
      const before = sizeOf(output);
      const watcher = kill?.asItWrites
        ? watch(folder, (_, file) => {
            if (file === OUTPUT && sizeOf(output) > before) killNow();
          })
        : undefined;
      const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
        running.once('error', reject);
        // Where it was killed, what it has started may keep its standard error open.
        running.once('exit', (...how) => how[1] !== null && resolve(how));
        running.once('close', (...how) => resolve(how));
      });
      clearTimeout(timer);
      watcher?.close();
      children.delete(running);
      child = undefined;
      if (signal === 'SIGKILL') {
        kills.all += 1;
        if (sizeOf(output) > savedLength()) kills.between += 1;
      } else if (code !== 0) failures.push(`${name} ended with status ${code}: ${said.trim()}`);
    },
    logs() {
      if (!existsSync(output)) return [];
      const saved = readFileSync(output).subarray(0, savedLength()).toString();
      return saved
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const { event, label } = JSON.parse(line);
          return { application: label.app_type, id: event.id, createdAt: Date.parse(event.created) };
        });
    },
  };
}
