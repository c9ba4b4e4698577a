import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Characters. */
const LAST_WORDS = 4096;

export interface ChildOptions {
  readonly entry: string;
  readonly arguments?: readonly string[];
  readonly execArguments?: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly folder?: string;
  /** Whether killing it also kills the processes that it starts. */
  readonly group?: boolean;
}

export type Child = ReturnType<typeof startChild>;

/** Runs a module with the Node that runs this one, and ends with this one (orphan.ts). Its output is piped. */
export function startChild(options: ChildOptions) {
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
    // Not 'close', which never comes once the parent has closed the channel.
    child.once('exit', async (code, signal) => {
      if (detached) await groupEnd(child.pid);
      resolve(signal === null ? `exit status ${code}` : signal);
    });
  });
  return {
    process: child,
    /** Resolves when it has ended, with the exit status or signal in words. */
    exited,
    /** The end of its standard error. */
    lastWords: (): string => lastWords.trim(),
    /** Closes its channel, which asks it to end, and kills it after a while (milliseconds). */
    async stop(patience: number): Promise<void> {
      if (child.connected) child.disconnect();
      const timer = setTimeout(kill, patience);
      await exited;
      clearTimeout(timer);
    },
    kill,
  };
}

/** How long to wait for the end of a group, and between two looks, milliseconds. */
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

/** Waits until the last process of a group has ended, but not for long. */
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
