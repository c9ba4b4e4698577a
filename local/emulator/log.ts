/** The output at the terminal. */
export interface Log {
  /** A step of starting, for the person at the terminal. */
  progress(line: string): void;
  /** Something that needs a person's attention. */
  warn(line: string): void;
  /** Everything else, such as the logs of the functions. */
  detail(line: string): void;
}

/** @param verbose whether details are shown, too */
export const terminalLog = (verbose: boolean): Log => ({
  progress: (line) => console.log(line),
  warn: (line) => console.error(line),
  detail: verbose ? (line) => console.error(line) : () => {},
});
