import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connector, Place } from './connector.ts';
import { SHOWN_KEY } from './page-files.ts';

/** How long a scheduler waits before it starts again what has ended, milliseconds. */
const SCHEDULE = 500;
/** How long a collector may take to stop when it is asked to, milliseconds. */
const STOP_LIMIT = 30_000;
/** Of what it says, so much is kept to explain a failure. Characters. */
const KEPT_OUTPUT = 2_000;

/** A collector at work. */
export interface CollectorProcess {
  /** Stops it as its connector says, and waits until it has ended. */
  stop(): Promise<void>;
  /** Why it ended although it had to go on, with the last that it said; undefined while all is well. */
  failure(): string | undefined;
  /** The last that it said. */
  said(): string;
}

/** What runs now, each the leader of its process group: it would go on without this process. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL');
});

/** Starts a collector; one that runs until it is done is started again and again. */
export function startCollector(connector: Connector, place: Place): CollectorProcess {
  let child: ChildProcess | undefined;
  let stopping = false;
  let said = '';
  let failure: string | undefined;

  async function runOnce(): Promise<void> {
    const { program, args, env } = connector.command(place);
    const started = spawn(program, args, {
      cwd: place.files,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: place.files,
        EASYSEND_SECURITY_LOGS_API_KEY: SHOWN_KEY,
        ...env,
      },
    });
    child = started;
    running.add(started);
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said = (said + chunk).slice(-KEPT_OUTPUT);
      });
    }
    const how = await new Promise<string>((resolve) => {
      started.once('error', (error) => resolve(error.message));
      started.once('exit', (status, signal) => resolve(signal ?? `status ${status}`));
    });
    running.delete(started);
    // What it started may still run, such as a curl of a script.
    signalGroup(started, 'SIGKILL');
    if (!stopping && connector.runs === 'until-stopped') failure = `it ended (${how})`;
  }

  async function runOnAndOn(): Promise<void> {
    await runOnce();
    while (!stopping && connector.runs === 'until-done') {
      await sleep(SCHEDULE);
      if (!stopping) await runOnce();
    }
  }

  const ended = runOnAndOn();
  return {
    failure: () => failure && `${failure}: ${said.trim()}`,
    said: () => said.trim(),
    async stop() {
      stopping = true;
      if (child !== undefined) signalGroup(child, connector.stoppedBy);
      const timer = setTimeout(() => child && signalGroup(child, 'SIGKILL'), STOP_LIMIT);
      await ended;
      clearTimeout(timer);
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
