/**
 * The metrics of the consumers that the setting `consumers` registers: the query and the feed function count them, with the
 * name of the consumer's key as a further dimension. Alarms watch them (docs/runbook.md#a-consumer-is-silent).
 */

/** What both functions count as their service, so that it does not matter which of them a consumer asks. */
export const CONSUMERS_SERVICE = 'consumers';
/** The dimension with the name of the key. */
export const KEY_DIMENSION = 'key';
/** Answers with 200 to windows and to the feed. */
export const CONSUMER_READS = 'Reads';
/** How long ago the oldest log can have been stored that a consumer had not read when it asked the feed, seconds. */
export const CONSUMER_BEHIND = 'Behind';
