import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

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
}

/** Runs a module with the Node version that runs this one. Its output is piped. */
export function startChild(options: ChildOptions): Child {
  const { entry, execArguments = [], environment, folder } = options;
  const child = spawn(process.execPath, [...execArguments, entry, ...(options.arguments ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environment,
    cwd: folder,
  });

  let lastWords = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk}`.slice(-LAST_WORDS);
  });
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // Not 'close': it never comes for a child whose channel its parent has closed.
    child.once('exit', (code, signal) => resolve(signal === null ? `exit status ${code}` : signal));
  });
  return {
    process: child,
    exited,
    lastWords: () => lastWords.trim(),
    async stop(patience) {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), patience);
      await exited;
      clearTimeout(timer);
    },
  };
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
