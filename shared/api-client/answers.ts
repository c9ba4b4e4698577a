/** What can become of a request, beside a whole answer. */

/** The service refuses the request; the same request is refused again. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
}

/** There is no whole answer for now. The same request may be answered later. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** What the service asked for, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { retryAfterMs, ...options }: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** The window does not fit into one answer (docs/contract.md#reading-logs). */
export class WindowTooLarge extends Error {
  override readonly name = 'WindowTooLarge';
  /** Up to which it is expected to fit, as the service writes it. */
  readonly nextEndTime: string;

  constructor(nextEndTime: string) {
    super(`the window fits until ${nextEndTime}`);
    this.nextEndTime = nextEndTime;
  }
}

/**
 * The error that an answer other than 200 means.
 *
 * @param retryAfter the header, seconds
 * @param body as it was read, which may be cut
 */
export function errorOf(status: number, retryAfter: string | undefined, body: string): Error {
  const { code, message, next_end_time: nextEndTime } = errorIn(body);
  if (status === 408 && code === 'window_too_large' && typeof nextEndTime === 'string')
    return new WindowTooLarge(nextEndTime);
  const told = `status ${status}${code ? ` ${code}` : ''}${message ? `: ${message}` : ''}`;
  const mayPass = status >= 500 || status === 429 || (status === 408 && code !== 'second_too_large');
  if (!mayPass) return new RequestRefused(told);
  const seconds = Number(retryAfter);
  return new NoAnswer(told, seconds > 0 ? { retryAfterMs: seconds * 1000 } : {});
}

function errorIn(body: string): { code?: unknown; message?: unknown; next_end_time?: unknown } {
  try {
    return JSON.parse(body).error ?? {};
  } catch {
    return {};
  }
}
