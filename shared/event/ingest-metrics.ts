/**
 * The metric that the ingest function counts and an alarm watches: how long after its publishing an event was stored,
 * seconds, the longest of a batch. Copies of stored events are not counted.
 */
export const INGEST_LAG = 'IngestLag';
