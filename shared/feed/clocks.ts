import { MINUTE, SECOND } from '../time.ts';

/** What the protocol waits for, milliseconds (docs/feed.md#resolving). None of it decides whether a log is in the feed. */

/** Clocks of different machines differ by less. */
export const MOST_SKEW = 5 * MINUTE;
/** A number whose intent is absent is given up when a later slot is this old. */
export const GAP_PATIENCE = 3 * SECOND;
/** A slot that is not sealed after this is finished by another process. */
export const SEAL_PATIENCE = 12 * SECOND;
