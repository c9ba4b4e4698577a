/**
 * What EventBridge and SQS take. AWS writes "1 MB" for EventBridge and "1 MiB (1,048,576 bytes)" for SQS.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */

/** Entries of one `PutEvents`, and all of them together in bytes. Inclusive. */
export const MAX_ENTRIES = 10;
export const MAX_ENTRIES_BYTES = 1024 * 1024;
/** A message of a queue with its attributes, bytes, inclusive. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Levels of objects and arrays in a `Detail`, inclusive. */
export const MAX_NESTING = 1000;
/** The largest `Detail` that surely fits in a message with its envelope and attributes, bytes, inclusive. */
export const SAFE_DETAIL_BYTES = 960 * 1024;
