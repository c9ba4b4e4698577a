import type { LogKey } from '../store/log-key.ts';
import type { DeliveryRecord } from './delivery-record.ts';

/** What the store knows of the delivery of a log. It has no document. */
export interface StoredDelivery {
  readonly key: LogKey;
  /** When the log was stored, epoch milliseconds. */
  readonly createdAt: number;
  /** When its lifetime ends, epoch milliseconds. */
  readonly readableUntil: number;
  readonly action: string | undefined;
  readonly rid: string | undefined;
  readonly record: DeliveryRecord | undefined;
}
