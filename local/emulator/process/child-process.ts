import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Characters. */
const LAST_WORDS = 4096;

export interface ChildOptions {
  /** The module to run. */
  readonly entry: string;
  readonly arguments?: readonly string[];
  /** Flags of Node itself. */
  readonly execArguments?: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Whether it may start processes itself, which are to end with it when it is killed. */
  readonly group?: boolean;
}

/** A Node process of ours: its end is ours to see, and ours is its end (orphan.ts). */
export interface Child {
  readonly process: ChildProcess;
  /** When it has ended: how, in words. */
  readonly exited: Promise<string>;
  /** The end of what it has written to its standard error. */
  lastWords(): string;
  /**
   * Asks it to end by closing its channel, and kills it if it has not ended by then.
   *
   * @param patience milliseconds
   */
  stop(patience: number): Promise<void>;
  /** Kills it, and its group if it has one. */
  kill(): void;
}

/** Runs a module with the Node version that runs this one. Its output is piped. */
export function startChild(options: ChildOptions): Child {
  const { entry, execArguments = [], environment, folder } = options;
  // Windows has no groups: there a process ends alone.
  const detached = options.group === true && process.platform !== 'win32';
  const child = spawn(process.execPath, [...execArguments, entry, ...(options.arguments ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environment,
    cwd: folder,
    detached,
  });
  const kill = (): void => {
    if (!detached || child.pid === undefined) child.kill('SIGKILL');
    else signalGroup(child.pid, 'SIGKILL');
  };

  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk}`.slice(-LAST_WORDS);
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not 'close': it never comes for a child whose channel its parent has closed.
    child.once('exit', async (code, signal) => {
      if (detached) await groupEnd(child.pid);
      resolve(signal === null ? `exit status ${code}` : signal);
    });
  });
  return {
    process: child,
    exited,
    lastWords: () => lastWords.trim(),
    async stop(patience) {
      if (child.connected) child.disconnect();
      const timer = setTimeout(kill, patience);
      await exited;
      clearTimeout(timer);
    },
    kill,
  };
}

/** How long, and how often, to look whether a group has ended, milliseconds. */
const GROUP_PATIENCE = 500;
const GROUP_LOOK = 10;

/** @returns whether there is any process left in the group */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}

/** Waits until the last process of a group has ended, whose leader has; but not for long. */
async function groupEnd(leader = 0): Promise<void> {
  const deadline = performance.now() + GROUP_PATIENCE;
  while (leader > 0 && performance.now() < deadline && signalGroup(leader, 0)) await sleep(GROUP_LOOK);
}

/**
 * Waits for something that a child does.
 *
 * @throws Error with the child's last words if it ends before
 */
export const orItsEnd = <T>({ exited, lastWords }: Child, done: Promise<T>): Promise<T> =>
  Promise.race([
    done,
    exited.then((how) => {
      throw new Error(`${lastWords()} (${how})`);
    }),
  ]);

/** The first message a child sends, over the channel between them. */
export const firstMessage = async (child: Child): Promise<unknown> => {
  const [message] = await once(child.process, 'message');
  return message;
};
