import { EventRejected } from '../../shared/errors.ts';
import { storedDetail } from '../../shared/event/announcement.ts';
import { SECURITY_EVENT_REJECTED, SECURITY_LOG_STORED } from '../../shared/event/bus-events.ts';
import { rejectedDetail } from '../../shared/event/rejection.ts';
import { type ReadEvent, readSecurityEvent } from '../../shared/event/security-event.ts';
import type { Put, StoringBatch } from '../../shared/feed/write-batch.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import type { QueueMessage } from '../sqs-batch.ts';
import type { Deadlines } from './deadlines.ts';
import type { OpenProtection } from './protection.ts';
import type { Announcement, OpenPublisher } from './publisher.ts';
import type { Outcome, Report } from './report.ts';

export interface IngestDependencies {
  readonly store: Pick<LogStore, 'putAll'>;
  readonly openPublisher: OpenPublisher;
  /** What is done to each log before it is stored; undefined if nothing is. */
  readonly openProtection?: OpenProtection | undefined;
  /** Whether each stored log is announced; a rejection always is. */
  readonly announceStored: boolean;
  readonly report: Report;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type EventMessage = Pick<QueueMessage, 'messageId' | 'body'>;

/** The outcome of a message, which counts only once the bus has taken the announcement. */
interface Result {
  readonly outcome: Outcome;
  readonly announcement?: Announcement;
}

/**
 * Stores a batch of events and announces each on the bus: a log as soon as it is stored, as it is in the store; an
 * event that cannot be a log as rejected.
 *
 * @returns a function that gives the ids of unfinished messages: these, and no others, go back to the queue. It takes the
 *   messages, their deadlines and the AWS account of the service: each log keeps the account of its publisher if that differs
 */
export function ingest(dependencies: IngestDependencies) {
  const { store, openPublisher, openProtection, announceStored, report, now } = dependencies;

  /** Without protection that the settings ask for, every log fails: none is stored as it was published. */
  const putAll = async (events: readonly ReadEvent[], signal: AbortSignal): Promise<StoringBatch> => {
    if (openProtection === undefined) return store.putAll(events, now(), signal);
    let logs: readonly ReadEvent[];
    try {
      const protect = await openProtection(signal);
      logs = events.map((event) => ({ ...event, log: protect(event.log) }));
    } catch (error) {
      return {
        puts: events.map(async (): Promise<Put> => ({ kind: 'failed', error })),
        finished: Promise.resolve(),
      };
    }
    return store.putAll(logs, now(), signal);
  };

  const storeAll = async (
    messages: readonly EventMessage[],
    ownAccount: string | undefined,
    signal: AbortSignal,
  ) => {
    const readings = messages.map(({ body }) => read(body, ownAccount));
    const events = readings.flatMap(({ event }) => event ?? []);
    const { puts, finished } = await putAll(events, signal);
    const put = puts.values();
    const results = readings.map(async ({ event, result }) =>
      event ? resultOfPut(event, await (put.next().value as Promise<Put>), { announceStored, now }) : result,
    );
    return { results, finished };
  };

  return async (
    messages: readonly EventMessage[],
    { storing, announcing }: Deadlines,
    ownAccount?: string,
  ): Promise<string[]> => {
    const bus = openPublisher(announcing);
    const { results, finished } = await storeAll(messages, ownAccount, storing);
    const announced = await Promise.all(
      results.map(async (result) => {
        const { outcome, announcement } = await result;
        return { outcome, published: announcement && bus.publish(announcement) };
      }),
    );
    bus.flush();
    const outcomes = await Promise.all(
      announced.map(async ({ outcome, published }): Promise<Outcome> => {
        const error = await published;
        return error === undefined ? outcome : { kind: 'failed', error };
      }),
    );
    await finished;
    const settled = messages.map(({ messageId }, i) => ({ messageId, outcome: outcomes[i] as Outcome }));
    report(settled);
    return settled.filter(({ outcome }) => outcome.kind === 'failed').map(({ messageId }) => messageId);
  };
}

/** An event to store, or the result of a message that has none. */
type Reading =
  | { readonly event: ReadEvent; readonly result?: never }
  | { readonly event?: never; readonly result: Result };

/** Only another account than that of the service is kept with a log, so that most logs take no byte more. */
function read(body: string, ownAccount: string | undefined): Reading {
  try {
    const { publisherAccount, ...event } = readSecurityEvent(body);
    return { event: publisherAccount === ownAccount ? event : { ...event, publisherAccount } };
  } catch (error) {
    if (!(error instanceof EventRejected)) return { result: { outcome: { kind: 'failed', error } } };
    const announcement = { detailType: SECURITY_EVENT_REJECTED, detail: rejectedDetail(error, body) };
    return { result: { outcome: { kind: 'rejected', code: error.code }, announcement } };
  }
}

function resultOfPut(
  { corrections, publishedAt, ...event }: ReadEvent,
  put: Put,
  { announceStored, now }: Pick<IngestDependencies, 'announceStored' | 'now'>,
): Result {
  if (put.kind === 'failed') return { outcome: put };
  const lagMs = publishedAt === undefined ? undefined : Math.max(0, now() - publishedAt);
  const outcome: Outcome =
    put.kind === 'stored' ? { kind: 'stored', corrections, lagMs } : { kind: 'duplicate', corrections };
  // An expired log is not announced: nobody can read it any more.
  if (!announceStored || (put.kind === 'found' && put.expired)) return { outcome };
  // A log that was already there is announced again: the attempt that stored it may have crashed before announcing it.
  return {
    outcome,
    announcement: { detailType: SECURITY_LOG_STORED, detail: storedDetail(event, put.log) },
  };
}
