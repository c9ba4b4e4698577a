import { READING_TRAPS } from './traps/reading.ts';
import { STORING_TRAPS } from './traps/storing.ts';
import type { Trap } from './traps/trap.ts';

export type { Trap };

/** Every trap of the feed, in the order of the table in docs/feed.md. */
export const TRAPS: readonly Trap[] = [...STORING_TRAPS, ...READING_TRAPS];
