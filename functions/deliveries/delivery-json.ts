import { deliveryId } from '../../shared/delivery/delivery-id.ts';
import { deliveryState } from '../../shared/delivery/delivery-states.ts';
import type { StoredDelivery } from '../../shared/delivery/stored-delivery.ts';
import { partitionApplication, sortKeyId, sortKeyTimestamp } from '../../shared/store/log-key.ts';

/**
 * Writes a delivery (docs/contract.md#deliveries). What is not known is left out.
 *
 * @param now epoch milliseconds: the fields of a log whose lifetime has ended by then are not shown
 */
export function deliveryJson(delivery: StoredDelivery, now: number): Buffer {
  const { key, createdAt, readableUntil, action, rid, record } = delivery;
  const hasEnded = readableUntil <= now;
  const state = deliveryState(record, hasEnded);
  return Buffer.from(
    JSON.stringify({
      id: deliveryId(key),
      state,
      app_type: partitionApplication(key.partitionKey),
      '@timestamp': time(sortKeyTimestamp(key.sortKey)),
      event_id: sortKeyId(key.sortKey),
      ...(!hasEnded && { action, rid }),
      stored_at: time(createdAt),
      expires_at: time(readableUntil),
      attempts: record?.attempts,
      status: record?.status,
      reason: record?.reason,
      duration_ms: record?.durationMs,
      first_failed_at: time(record?.firstFailedAt),
      last_attempt_at: record?.durationMs === undefined ? undefined : time(record.at),
      next_attempt_at: state === 'waiting' ? time(record?.nextAttemptAt) : undefined,
    }),
  );
}

const time = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant).toISOString();
