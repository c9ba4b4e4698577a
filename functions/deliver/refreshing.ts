/** How long a value that was read is used before it is read again, milliseconds. */
const FRESH_MS = 5 * 60_000;

/** How long after a reading that failed, or whose value is in doubt, the next one may be, milliseconds. */
const SOON_MS = 10_000;

/** A value that is read from time to time. */
export interface Refreshing<T> {
  /** @throws the error of the last reading, if there is no older value to go on with */
  get(): Promise<T>;
  /** Lets the value be read again soon: what it was used for did not succeed. */
  doubt(): void;
}

/**
 * Reads a value every five minutes, and every ten seconds while that fails; what was read before is used meanwhile.
 *
 * @param now epoch milliseconds
 * @param onFailure is told of each reading that failed
 */
export function refreshing<T>(
  read: () => Promise<T>,
  now: () => number,
  onFailure: (error: unknown) => void,
): Refreshing<T> {
  let value: { readonly read: T } | undefined;
  let failure: unknown;
  let readAt = 0;
  let nextAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    readAt = now();
    try {
      value = { read: await read() };
      nextAt = readAt + FRESH_MS;
    } catch (error) {
      failure = error;
      nextAt = readAt + SOON_MS;
      onFailure(error);
    }
    reading = undefined;
  };

  return {
    async get() {
      // Logs of one batch ask at the same time, and are answered by one reading.
      if (reading === undefined && now() >= nextAt) reading = refresh();
      await reading;
      if (value === undefined) throw failure;
      return value.read;
    },
    doubt() {
      nextAt = Math.min(nextAt, readAt + SOON_MS);
    },
  };
}
