/**
 * The names of the log table's attributes: the store writes them, and `infra/` declares them
 * (docs/architecture.md#one-item-one-write-unit). They are short, because DynamoDB counts their bytes in every item.
 */
export const LOG_TABLE = {
  /** Key version, application and shard: `1#player#5`. */
  partitionKey: 'pk',
  /** `@timestamp` as 15 digits of milliseconds, `#`, `event.id`. */
  sortKey: 'sk',
  /** The compressed document. */
  document: 'doc',
  /** When the log was stored, epoch milliseconds. Its lifetime starts then. */
  createdAt: 'createdAt',
  /** When DynamoDB may delete the item, epoch seconds: the table's TTL attribute. */
  expiresAt: 'expiresAt',
  /** `event.action` and `label.rid` as plain text, for people who look at the table. */
  action: 'action',
  rid: 'rid',
  /** The AWS account that published the event, if it is another one than that of the service; for an audit. */
  publisherAccount: 'publisherAccount',
  /** What became of its delivery to the custom service (shared/delivery/delivery-record.ts). */
  delivery: 'delivery',
  /** The slot in which the feed shows the log: `2.123` (shard and number). Logs of before the feed have none. */
  slot: 'slot',
} as const;

/**
 * What the partition keys of the feed's items begin with; those of logs begin with the version of the key. Permissions
 * are limited by it.
 */
export const FEED_PARTITIONS = 'feed#';

/** The partition key of the archive's state. */
export const ARCHIVE_PARTITION = 'archive#state';

/** What the partition key of the item begins with by which the deliver function keeps its rate (shared/store/delivery-pace.ts). */
export const PACE_PARTITIONS = 'pace#';

/** Every attribute that a request to read deliveries names (shared/store/delivery-reader.ts). Permissions are limited to them. */
export const READ_WITH_DELIVERY = [
  LOG_TABLE.partitionKey,
  LOG_TABLE.sortKey,
  LOG_TABLE.createdAt,
  LOG_TABLE.expiresAt,
  LOG_TABLE.action,
  LOG_TABLE.rid,
  LOG_TABLE.delivery,
] as const;

/** The same of a request to record a delivery (shared/store/delivery-writer.ts). */
export const UPDATED_WITH_DELIVERY = [
  LOG_TABLE.partitionKey,
  LOG_TABLE.sortKey,
  LOG_TABLE.action,
  LOG_TABLE.delivery,
] as const;
