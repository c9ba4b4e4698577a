type Close = () => Promise<void> | void;

/** Collects how to stop what has been started. */
export interface Started {
  /** Aborts when stopping begins. */
  readonly stopping: AbortSignal;
  /**
   * Adds how to stop what was just started.
   *
   * @throws Error if stopping has begun; what was just started is stopped first
   */
  add(close: Close): Promise<void>;
  /** Stops everything, the last started first. An error does not keep the rest running. */
  close(): Promise<void>;
}

export function closeInReverse(): Started {
  const closes: Close[] = [];
  const stopping = new AbortController();
  let closing: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (let close = closes.pop(); close !== undefined; close = closes.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped');
  };

  return {
    stopping: stopping.signal,
    async add(close) {
      if (closing !== undefined) {
        await close();
        throw new Error('stopped while starting');
      }
      closes.push(close);
    },
    close() {
      stopping.abort();
      closing ??= closeAll();
      return closing;
    },
  };
}
