/**
 * The names of the log table's attributes, shared by the store that writes them and the infrastructure that
 * declares them (docs/architecture.md#one-item-one-write-unit). Short, because DynamoDB counts a name's bytes in every item.
 */
export const LOG_TABLE = {
  /** Key version, application and shard: `1#player#5`. */
  partitionKey: 'pk',
  /** `@timestamp` as 15 digits of milliseconds, `#`, `event.id`. */
  sortKey: 'sk',
  /** The compressed document. */
  document: 'doc',
  /** When the log was stored, epoch milliseconds: the 48 hours count from here. */
  createdAt: 'createdAt',
  /** When DynamoDB may delete the item, epoch seconds: the table's TTL attribute. */
  expiresAt: 'expiresAt',
  /** `event.action` and `label.rid` in plain text, for people who look at the table. */
  action: 'action',
  rid: 'rid',
} as const;
