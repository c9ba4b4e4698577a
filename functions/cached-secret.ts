/** When a cached secret is read again. All times count from the latest reading, milliseconds. */
export interface CachePolicy {
  /** After a reading that succeeded. */
  readonly freshMs: number;
  /** After a reading that failed, or whose value is in doubt, while an older value is used. */
  readonly retryMs: number;
  /** After a reading that failed while there is no older value. */
  readonly firstRetryMs: number;
}

export interface CachedSecret<T> {
  /**
   * Gives the cached value, and reads it again when the policy says so. Callers at the same time share one reading. If a
   * reading fails, the older value stays.
   *
   * @throws the error of the latest reading, if there is no older value
   */
  get(): Promise<T>;
  /** Puts the value in doubt, because what it was used for did not succeed. */
  doubt(): void;
}

/**
 * Caches a value that is made of one or more secrets.
 *
 * @param read reads the value, and may check it
 * @param now epoch milliseconds
 * @param onFailure is called for each reading that failed
 */
export function cachedSecret<T>(
  read: () => Promise<T>,
  { freshMs, retryMs, firstRetryMs }: CachePolicy,
  now: () => number,
  onFailure: (error: unknown) => void = () => {},
): CachedSecret<T> {
  let cached: { readonly value: T } | undefined;
  let failure: unknown;
  let inDoubt = false;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const refresh = async (): Promise<void> => {
    readAt = now();
    try {
      cached = { value: await read() };
      inDoubt = false;
    } catch (error) {
      failure = error;
      inDoubt = true;
      onFailure(error);
    }
    reading = undefined;
  };

  const lifetimeMs = (): number => {
    if (cached === undefined) return firstRetryMs;
    return inDoubt ? retryMs : freshMs;
  };

  return {
    async get() {
      const isDue = now() - readAt >= lifetimeMs();
      if (reading === undefined && isDue) reading = refresh();
      await reading;
      if (cached === undefined) throw failure;
      return cached.value;
    },
    doubt() {
      inDoubt = true;
    },
  };
}
