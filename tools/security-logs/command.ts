import type { ExitStatus } from './exit-status.ts';
import type { Terminal } from './terminal.ts';

/** One command of `security-logs`. */
export interface Command {
  /** A line of the list of commands. */
  readonly summary: string;
  /** What `--help` writes. */
  readonly usage: string;
  /**
   * @param args what follows the command's name
   * @throws UsageError if they cannot be understood, RequestRefused if the service refuses, and any Error that failed it
   */
  run(args: readonly string[], terminal: Terminal): Promise<ExitStatus>;
}
