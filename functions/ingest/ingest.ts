import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { EventRejected } from '../../shared/errors.ts';
import { storedDetail } from '../../shared/event/announcement.ts';
import { SECURITY_EVENT_REJECTED, SECURITY_LOG_STORED } from '../../shared/event/bus-events.ts';
import { rejectedDetail } from '../../shared/event/rejection.ts';
import { type CompletedEvent, readSecurityEvent } from '../../shared/event/security-event.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import type { Put } from '../../shared/store/put-logs.ts';
import type { Announcement, OpenAnnouncer } from './announce.ts';
import type { Deadlines } from './deadlines.ts';
import type { Outcome, Report } from './report.ts';

export interface IngestDependencies {
  readonly store: Pick<LogStore, 'putAll'>;
  readonly announcer: OpenAnnouncer;
  /** Whether each stored log is announced; a rejection always is. */
  readonly announceStored: boolean;
  readonly report: Report;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What became of a message, and what the bus must have taken before it counts. */
interface Verdict {
  readonly outcome: Outcome;
  readonly announcement?: Announcement;
}

/**
 * Stores a batch of events and announces each on the bus: its log as it is in the store, as soon as it is stored, or the
 * event as rejected if it cannot be a log. Unfinished messages are returned as failures, so that they, and no others,
 * go back to the queue.
 */
export function ingest({ store, announcer, announceStored, report, now }: IngestDependencies) {
  const judgeAll = (records: readonly SQSRecord[], signal: AbortSignal): Promise<Verdict>[] => {
    const readings = records.map(({ body }) => read(body));
    const puts = store.putAll(
      readings.flatMap(({ event }) => event ?? []),
      now(),
      signal,
    );
    const put = puts.values();
    return readings.map(async ({ event, verdict }) =>
      event ? verdictOn(event, await (put.next().value as Promise<Put>), announceStored) : verdict,
    );
  };

  return async ({ Records }: SQSEvent, { storing, announcing }: Deadlines): Promise<SQSBatchResponse> => {
    const bus = announcer(announcing);
    const said = await Promise.all(
      judgeAll(Records, storing).map(async (judging) => {
        const { outcome, announcement } = await judging;
        return { outcome, taken: announcement && bus.say(announcement) };
      }),
    );
    bus.flush();
    const outcomes = await Promise.all(
      said.map(async ({ outcome, taken }): Promise<Outcome> => {
        const error = await taken;
        return error === undefined ? outcome : { kind: 'failed', error };
      }),
    );
    const settled = Records.map(({ messageId }, i) => ({ messageId, outcome: outcomes[i] as Outcome }));
    report(settled);
    const failed = settled.filter(({ outcome }) => outcome.kind === 'failed');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

type Reading =
  | { readonly event: CompletedEvent; readonly verdict?: never }
  | { readonly event?: never; readonly verdict: Verdict };

function read(body: string): Reading {
  try {
    return { event: readSecurityEvent(body) };
  } catch (error) {
    if (!(error instanceof EventRejected)) return { verdict: { outcome: { kind: 'failed', error } } };
    const announcement = { detailType: SECURITY_EVENT_REJECTED, detail: rejectedDetail(error, body) };
    return { verdict: { outcome: { kind: 'rejected', code: error.code }, announcement } };
  }
}

function verdictOn({ corrections, ...event }: CompletedEvent, put: Put, announceStored: boolean): Verdict {
  if (put.kind === 'failed') return { outcome: put };
  const outcome = { kind: put.kind === 'stored' ? 'stored' : 'duplicate', corrections } as const;
  // Nobody can read an expired log any more, and nothing brings it back.
  if (!announceStored || (put.kind === 'found' && put.expired)) return { outcome };
  // A log that was found is announced, too: after a crash between the two writes, this is the one that announces it.
  return {
    outcome,
    announcement: { detailType: SECURITY_LOG_STORED, detail: storedDetail(event, put.log) },
  };
}
