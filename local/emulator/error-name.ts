/** An error by its name and code. Its message may hold what was being processed, which no log is to have. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code === error.name ? error.name : `${error.name} ${code}`;
}

/** Where an error was thrown: its stack without its message. */
export const errorPlace = (error: unknown): string =>
  String((error as Error | undefined)?.stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
