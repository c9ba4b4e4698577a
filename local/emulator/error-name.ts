/** The name and code of an error. Its message may hold user data, which no log may contain. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code === error.name ? error.name : `${error.name} ${code}`;
}

/** The stack of an error without its message. */
export const errorPlace = (error: unknown): string =>
  String((error as Error | undefined)?.stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n');
