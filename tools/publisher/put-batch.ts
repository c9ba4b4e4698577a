import { setTimeout as sleep } from 'node:timers/promises';
import type { BusEntry, BusResult, PutEvents } from './bus-entry.ts';

/** Why an entry is not on the bus. */
export interface PutFailure {
  /** The `ErrorCode` of the entry, or the name of the error of the request. */
  readonly code: string;
  readonly message: string;
}

/** How long an entry is tried. */
export interface Patience {
  /** From the first attempt, milliseconds. No attempt begins later. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The wait before the next attempt, milliseconds. */
  wait(attempts: number): number;
  /** Epoch milliseconds, or any other clock. */
  clock(): number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
const FINAL_CODES = new Set([
  'AccessDeniedException',
  'InvalidAccountIdException',
  'InvalidArgument',
  'MalformedDetail',
  'NotAuthorizedForDetailTypeException',
  'NotAuthorizedForSourceException',
  'RedactionFailure',
]);

/**
 * Puts a batch on the bus. What failed and may succeed later is tried again, without what the bus has taken.
 *
 * @param items one request's
 * @returns the failure of each item, in order; undefined for what is on the bus. It never rejects
 */
export async function putBatch<Item extends { readonly entry: BusEntry }>(
  putEvents: PutEvents,
  items: readonly Item[],
  { patienceMs, signal, wait, clock }: Patience,
): Promise<(PutFailure | undefined)[]> {
  const outcomes = new Map<Item, PutFailure>();
  const giveUpAt = clock() + patienceMs;
  let pending: readonly Item[] = items;
  for (let attempts = 1; ; attempts += 1) {
    const results = await attempt(putEvents, pending, signal);
    const again: Item[] = [];
    for (const [i, item] of pending.entries()) {
      const result = results[i] ?? NO_RESULT;
      if (result.failure === undefined) outcomes.delete(item);
      else outcomes.set(item, result.failure);
      if (result.failure !== undefined && result.isTemporary) again.push(item);
    }
    pending = again;
    const pause = wait(attempts);
    if (pending.length === 0 || signal?.aborted || clock() + pause > giveUpAt) break;
    await sleep(pause, undefined, { ...(signal && { signal }) }).catch(() => {});
    if (signal?.aborted) break;
  }
  return items.map((item) => outcomes.get(item));
}

interface Result {
  readonly failure: PutFailure | undefined;
  readonly isTemporary: boolean;
}

const NO_RESULT: Result = {
  failure: { code: 'NoResult', message: 'the bus gave no result for the entry' },
  isTemporary: true,
};

async function attempt(
  putEvents: PutEvents,
  items: readonly { readonly entry: BusEntry }[],
  signal: AbortSignal | undefined,
): Promise<Result[]> {
  try {
    const { Entries = [] } = await putEvents(
      items.map(({ entry }) => entry),
      signal,
    );
    return Entries.map(resultOf);
  } catch (error) {
    const { name = 'Error', message = String(error) } = error as Error;
    const result = { failure: { code: name, message }, isTemporary: isTemporary(error) };
    return items.map(() => result);
  }
}

function resultOf({ EventId, ErrorCode, ErrorMessage = '' }: BusResult): Result {
  if (ErrorCode !== undefined)
    return {
      failure: { code: ErrorCode, message: ErrorMessage },
      isTemporary: !FINAL_CODES.has(ErrorCode),
    };
  return EventId === undefined ? NO_RESULT : { failure: undefined, isTemporary: false };
}

/**
 * Whether a failed request may succeed later. A client error (4xx) does not, but for throttling and a timeout; an error
 * without a status, as of the network, does.
 */
function isTemporary(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  if (name === 'CredentialsProviderError') return false;
  const status = $metadata?.httpStatusCode ?? 0;
  const isClientError = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return !isClientError || name === 'ThrottlingException';
}
