import { failure } from '../shared/command-line.ts';

/**
 * Runs a tool from the command line. An error goes to the standard error; the exit status is 2 for wrong usage, and
 * otherwise 1.
 *
 * @param usage what wrong usage is answered with
 * @param describe the words for every other error; by default its message
 */
export async function runTool(
  main: () => Promise<void> | void,
  usage: string,
  describe?: (error: Error) => string,
): Promise<void> {
  try {
    await main();
  } catch (error) {
    const { message, exitStatus } = failure(error, usage, describe);
    console.error(message);
    process.exitCode = exitStatus;
  }
}
