import type { Way } from './round-trip/round-trip.ts';

/** The metrics of the canary (docs/deploy.md#the-canary): its function counts them, and alarms watch some of them. */

/** How long after its publishing a log could be read, seconds. A run without such a reading counts none. */
export const FRESHNESS: Readonly<Record<Way, string>> = {
  window: 'WindowFreshness',
  feed: 'FeedFreshness',
};

/** 1 if a run failed, 0 if it passed. */
export const CANARY_FAILED = 'CanaryFailed';
