import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { storedLogKey } from '../../shared/announcement.ts';
import { sortKeyTimestamp } from '../../shared/log-key.ts';
import type { LogStore } from '../../shared/log-store.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { deliveryId } from './delivery-id.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import type { Deliver } from './outcome.ts';
import type { Report, Settled } from './report.ts';

export interface DeliverDependencies {
  readonly store: Pick<LogStore, 'get'>;
  readonly service: Deliver;
  readonly queue: DeliveryQueue;
  readonly report: Report;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds before the next attempt; `afterMs` is what the service asked for. */
  readonly backoff: (attempts: number, afterMs: number) => number;
}

/**
 * Hands each log of a batch to the custom service, all at the same time: a slow one holds up no other. The log is
 * read back from the table, so that an announcement that was forged delivers nothing.
 */
export function deliverBatch({ store, service, queue, report, now, backoff }: DeliverDependencies) {
  const attempt = async (record: SQSRecord, signal: AbortSignal): Promise<Settled> => {
    const key = storedLogKey(parseJson(record.body));
    if (key === undefined) return { kind: 'refused', reason: 'not an announcement of a stored log' };
    const json = await store.get(key, now(), signal);
    if (json === undefined) return { kind: 'dropped' };
    return service({ id: deliveryId(key), timestamp: sortKeyTimestamp(key.sortKey), json }, signal);
  };

  const settle = async (record: SQSRecord, signal: AbortSignal): Promise<Settled> => {
    const startedAt = now();
    let settled: Settled;
    try {
      settled = await attempt(record, signal);
      if (settled.kind === 'refused') await queue.deadLetter(record, settled.reason);
    } catch (error) {
      settled = { kind: 'failed', reason: error instanceof Error ? error.name : 'UnknownError' };
    }
    if (settled.kind === 'failed') {
      const attempts = Number(record.attributes.ApproximateReceiveCount);
      // Where this fails as well, the message comes back after the queue's own visibility timeout.
      await queue.postpone(record, backoff(attempts, settled.afterMs ?? 0)).catch(() => {});
    }
    report(record, settled, now() - startedAt);
    return settled;
  };

  return async ({ Records }: SQSEvent, signal: AbortSignal): Promise<SQSBatchResponse> => {
    const settled = await Promise.all(Records.map((record) => settle(record, signal)));
    const failed = Records.filter((_, i) => settled[i]?.kind === 'failed');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}
