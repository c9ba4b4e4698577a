/** The metrics of the feed: the ingest and the feed function count them, and alarms watch some of them. */

/** How many slots are neither sealed nor void: each minute, by the ingest function. */
export const OPEN_SLOTS = 'OpenSlots';
/** How long the oldest open slot has been open, seconds; 0 if none is open. Each minute, by the ingest function. */
export const OPEN_SLOT_AGE = 'OpenSlotAge';
/** Slots that the ingest function rolled forward, because nobody had sealed them. */
export const ROLLED_FORWARD = 'RolledForward';
/** Slots that the ingest function made void, because nobody had written to them. */
export const VOIDED_SLOTS = 'VoidedSlots';
/** Slots of a known version that could not be read: by the ingest and by the feed function. */
export const DAMAGED_SLOTS = 'DamagedSlots';
/** How far behind now an answer of the feed ended that had no more to give, seconds: by the feed function. */
export const FEED_AGE = 'FeedAge';
