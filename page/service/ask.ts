import { SECOND } from '../../shared/time.ts';

/** How the page asks the API (docs/contract.md#errors). */

/** An answer of the API that is an error, or no answer at all. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** 0 if there was no answer. */
  readonly status: number;
  /** `unreachable` if there was no answer, `cut` if it ended too early. */
  readonly code: string;
  /** How long to wait before the next request, milliseconds. */
  readonly retryAfter: number;
  /** Up to where a window that is too large can be asked for, epoch milliseconds. */
  readonly nextEndTime: number | undefined;
  /** Under which the service has logged the reason. */
  readonly requestId: string | undefined;

  constructor(
    message: string,
    { status = 0, code, ...rest }: Partial<Omit<ServiceError, keyof Error>> & { code: string },
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = rest.retryAfter ?? SECOND;
    this.nextEndTime = rest.nextEndTime;
    this.requestId = rest.requestId;
  }
}

export interface Asking {
  readonly url: URL;
  readonly key: string;
  readonly signal: AbortSignal;
}

/**
 * Asks for logs, a log a line.
 *
 * @throws ServiceError if the answer is an error, or there is none; the signal's reason if it aborts
 */
export async function ask({ url, key, signal }: Asking): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { apiKey: key, Accept: 'application/x-ndjson' },
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new ServiceError((error as Error).message, { code: 'unreachable' });
  }
  if (response.ok) return response;
  throw await errorOf(response);
}

async function errorOf(response: Response): Promise<ServiceError> {
  const { status, headers } = response;
  const body: unknown = await response.json().catch(() => undefined);
  const error = membersOf(membersOf(body)['error']);
  const text = (name: string): string | undefined =>
    typeof error[name] === 'string' ? error[name] : undefined;
  const seconds = Number(headers.get('Retry-After') ?? Number.NaN);
  const nextEndTime = Date.parse(text('next_end_time') ?? '');
  const requestId = text('request_id') ?? headers.get('x-amzn-RequestId') ?? undefined;
  return new ServiceError(text('message') ?? `The API answered with status ${status}.`, {
    status,
    code: text('code') ?? 'unknown',
    ...(seconds >= 0 && { retryAfter: seconds * SECOND }),
    ...(!Number.isNaN(nextEndTime) && { nextEndTime }),
    ...(requestId !== undefined && { requestId }),
  });
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
