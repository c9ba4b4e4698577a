import { styleText } from 'node:util';

/** Where a command reads its environment, and what it writes to: data to `stdout`, everything else to `stderr`. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Writes data, and waits until it is handed to the operating system.
   *
   * @throws OutputClosed if nobody reads any more
   */
  write(data: string | Buffer): Promise<void>;
  /** A line for the person who watches, which stays. */
  say(line: string): void;
  /** How far a command is: shown in place on a terminal, and now and then elsewhere. */
  progress(line: string): void;
  /** Ends the progress: what comes next begins a line. */
  endProgress(): void;
  /** In red or bold if `stderr` is a terminal and `NO_COLOR` is not set (https://no-color.org). */
  styled(style: 'red' | 'bold' | 'yellow', text: string): string;
}

/** Whoever read the data has closed the pipe, as `head` does. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** How often progress is shown, milliseconds: on a terminal, and elsewhere. */
const PROGRESS_MS = { terminal: 100, other: 10_000 };

interface Output {
  readonly isTTY?: boolean;
  write(data: string | Buffer, done?: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The terminal of this process, or of a test that gives its own streams. */
export function processTerminal(
  stdout: Output = process.stdout,
  stderr: Output = process.stderr,
  environment: Terminal['environment'] = process.env,
): Terminal {
  // A failed write is reported to its callback; without a listener the error would also end the process.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  const isTerminal = stderr.isTTY === true;
  const hasColor = isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  let shown = '';
  let latest = '';
  let lastShownAt = -Infinity;

  const show = (line: string): void => {
    lastShownAt = performance.now();
    stderr.write(isTerminal ? `\r${line.padEnd(shown.length)}` : `${line}\n`);
    shown = line;
  };
  const endProgress = (): void => {
    if (latest !== shown) show(latest);
    if (isTerminal && shown !== '') stderr.write('\n');
    shown = '';
    latest = '';
  };
  return {
    environment,
    now: Date.now,
    write: (data) =>
      new Promise((resolve, reject) => {
        stdout.write(data, (error) => {
          if (!error) resolve();
          else if ((error as NodeJS.ErrnoException).code === 'EPIPE') reject(new OutputClosed());
          else reject(error);
        });
      }),
    say(line) {
      if (isTerminal && shown !== '') endProgress();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      latest = line;
      const due = lastShownAt + (isTerminal ? PROGRESS_MS.terminal : PROGRESS_MS.other);
      if (performance.now() >= due) show(line);
    },
    endProgress,
    styled: (style, text) => (hasColor ? styleText(style, text, { validateStream: false }) : text),
  };
}

/** Such as `1,234 logs`. */
export const counted = (n: number, noun: string): string =>
  `${n.toLocaleString('en-US')} ${noun}${n === 1 ? '' : 's'}`;
