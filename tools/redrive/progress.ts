/** What SQS tells of a task that moves messages. */
export interface MoveTask {
  readonly status: string;
  readonly moved: number;
  readonly toMove: number;
  readonly failure: string | undefined;
}

/** Whether a task goes on. */
export const isRunning = ({ status }: MoveTask): boolean => status === 'RUNNING' || status === 'CANCELLING';

/** Such as `120 of 4,000 moved (3 %)`. */
export function progressLine({ moved, toMove }: MoveTask): string {
  const share = toMove > 0 ? ` (${Math.floor((100 * Math.min(moved, toMove)) / toMove)} %)` : '';
  return `${count(moved)} of ${count(Math.max(moved, toMove))} moved${share}`;
}

/** @throws Error saying how far it came, if the task was not completed */
export function outcomeLine(task: MoveTask, destination: string): string {
  const { status, moved, failure } = task;
  if (status === 'COMPLETED') return `moved ${messages(moved)} to ${destination}`;
  const reason = failure === undefined ? '' : ` (${failure})`;
  throw new Error(`the moving was ${status.toLowerCase()}${reason}: ${progressLine(task)}`);
}

export const messages = (n: number): string => `${count(n)} ${n === 1 ? 'message' : 'messages'}`;

const count = (n: number): string => n.toLocaleString('en-US');

export interface ProgressDisplay {
  show(line: string): void;
  /** What was shown stays, and what comes next begins a line. */
  end(): void;
}

/** In place on a terminal; elsewhere a line for each change. */
export function progressDisplay(out: { isTTY: boolean; write(text: string): unknown }): ProgressDisplay {
  let last = '';
  return {
    show(line) {
      if (line === last) return;
      out.write(out.isTTY ? `\r${line.padEnd(last.length)}` : `${line}\n`);
      last = line;
    },
    end() {
      if (out.isTTY && last !== '') out.write('\n');
      last = '';
    },
  };
}
