/** What the runner has to know of a collector. One module of `collectors/` for each, named as its page. */
export interface Connector {
  /** Also the name of its page: `docs/connectors/<name>.md`. */
  readonly name: string;
  /**
   * Makes the collector ready in a folder of its own, which may have it from an earlier run. What a plain machine has
   * is only looked for.
   *
   * @throws CannotInstall what is missing; then the collector is skipped
   */
  install(place: Place): Promise<void>;
  /** How it is started, in the folder of its files, the first time and after each stop. */
  command(place: Place): Command;
  /** `until-done`: it ends by itself, and a scheduler starts it again and again. */
  readonly runs: 'until-stopped' | 'until-done';
  /** How it is stopped in the middle: `SIGKILL` where its page promises each log exactly once even then. */
  readonly stoppedBy: 'SIGTERM' | 'SIGKILL';
  /** The `event.id` of each log that it has collected so far, a log that it has twice also twice. */
  collected(place: Place): Promise<string[]>;
}

export interface Place {
  /** Where the collector is installed. */
  readonly tools: string;
  /** Where the files of its page are, each under the name that its block has; its state and output come here. */
  readonly files: string;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The collector cannot be had on this machine. */
export class CannotInstall extends Error {
  override readonly name = 'CannotInstall';
}
