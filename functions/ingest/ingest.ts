import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import { storedDetail } from '../../shared/announcement.ts';
import { SECURITY_EVENT_REJECTED, SECURITY_LOG_STORED } from '../../shared/bus-events.ts';
import { EventRejected } from '../../shared/errors.ts';
import type { LogStore } from '../../shared/log-store.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { type IdentifiedLog, readSecurityEvent } from '../../shared/security-event.ts';
import type { Announce, Announcement } from './announce.ts';
import type { Outcome, Report } from './report.ts';

/** Events stored at a time by one invocation. */
const PARALLEL_PUTS = 32;

export interface IngestDependencies {
  readonly store: Pick<LogStore, 'put'>;
  readonly announce: Announce;
  /** Whether each stored log is announced; a rejection always is. */
  readonly announceStored: boolean;
  readonly report: Report;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Handled {
  readonly messageId: string;
  readonly outcome: Outcome;
  /** What the bus must have taken before the message counts as done. */
  readonly announcement?: Announcement;
}

/**
 * Stores a batch of events and announces each on the bus: its log as stored, or the event as rejected if it cannot be
 * a log. A message that got not so far is named as failed, so that it, and no other, goes back to the queue.
 */
export function ingest({ store, announce, announceStored, report, now }: IngestDependencies) {
  const handle = async ({ messageId, body }: SQSRecord, signal: AbortSignal): Promise<Handled> => {
    try {
      const { corrections, ...log } = readSecurityEvent(body);
      const kind = await store.put(log, now(), signal);
      // A duplicate is announced, too: after a crash between the two writes, this is the one that announces the log.
      return {
        messageId,
        outcome: { kind, corrections },
        ...(announceStored && { announcement: stored(log) }),
      };
    } catch (error) {
      if (!(error instanceof EventRejected)) return { messageId, outcome: { kind: 'failed', error } };
      return {
        messageId,
        outcome: { kind: 'rejected', code: error.code },
        announcement: rejection(error, body),
      };
    }
  };

  const sayOnBus = async (batch: readonly Handled[], signal: AbortSignal): Promise<Handled[]> => {
    const announcements = batch.flatMap(({ announcement }) => announcement ?? []);
    const errors = (await announce(announcements, signal)).values();
    return batch.map((handled) => {
      const error = handled.announcement && errors.next().value;
      return error === undefined ? handled : { ...handled, outcome: { kind: 'failed', error } };
    });
  };

  return async ({ Records }: SQSEvent, signal: AbortSignal): Promise<SQSBatchResponse> => {
    const handled = await pMap(Records, (record) => handle(record, signal), { concurrency: PARALLEL_PUTS });
    const settled = await sayOnBus(handled, signal);
    report(settled);
    const failed = settled.filter(({ outcome }) => outcome.kind === 'failed');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

const stored = (log: IdentifiedLog): Announcement => ({
  detailType: SECURITY_LOG_STORED,
  detail: storedDetail(log),
});

/** The original goes into the detail as it came: parsing and writing it again could change or even break it. */
function rejection({ code, message }: EventRejected, body: string): Announcement {
  const event = parseJson(body) === undefined ? JSON.stringify(body) : body;
  const reason = JSON.stringify({ code, message });
  return { detailType: SECURITY_EVENT_REJECTED, detail: `{"reason":${reason},"event":${event}}` };
}
