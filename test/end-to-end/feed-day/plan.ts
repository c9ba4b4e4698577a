import { LOG_MARGIN, SLOT_MARGIN } from '../../../shared/feed/lifetimes.ts';
import { HOUR, SECOND } from '../../../shared/time.ts';
import type { DayConstants } from './day-bundles.ts';
import { type Publication, publications } from './publications.ts';
import { type Random, seededRandom } from './random.ts';
import type { Lifetimes } from './verdict.ts';

/** What a seed decides of a day. Times are milliseconds, from the day's start where they are instants. */
export interface Plan {
  readonly seed: number;
  readonly lifetimes: DayLifetimes;
  readonly announces: boolean;
  /** The code of the ingest function at the start, and what replaces it when. */
  readonly releases: readonly Release[];
  readonly publications: readonly Publication[];
  readonly publishingEnds: number;
  /** How much trouble there is: 1 is usual. */
  readonly severity: number;
  readonly consumerLimits: readonly (number | undefined)[];
  /** When the consumer that stays away leaves, and which of the kinds it is. */
  readonly leavesAt: number;
  readonly awayKind: number;
  /** Whether it stays until slots that it has not read are deleted; else, until they have expired. */
  readonly returnsAfterDeletion: boolean;
}

export interface Release {
  readonly at: number;
  readonly constants: DayConstants;
}

/** How large a day is, and how fast. */
export interface DaySize {
  /** Events, copies apart, and in how many seconds they are published. */
  readonly events: number;
  readonly seconds: number;
  /**
   * How long an hour of the lifetimes is, milliseconds, at least 2000: their margins are hours, and must exceed an
   * invocation of the ingest function, which is 10 seconds at most.
   */
  readonly hour: number;
}

export function planOf(seed: number, { events, seconds, hour }: DaySize): Plan {
  const random = seededRandom(seed);
  const publishingEnds = seconds * SECOND;
  const patience = {
    gapPatience: random.pick([100, 500, 1500]),
    sealPatience: random.pick([300, 1000, 3000]),
  };
  const constants = (shards: number, isBeforeTheFeed = false): DayConstants => ({
    hour,
    ...patience,
    shards,
    isBeforeTheFeed,
  });
  const first = random.whole(1, 6);
  return {
    seed,
    lifetimes: lifetimesOf(random.whole(6, 9), hour),
    announces: random.chance(0.5),
    releases: [
      { at: 0, constants: constants(first, true) },
      { at: publishingEnds * random.between(0.2, 0.35), constants: constants(first) },
      { at: publishingEnds * random.between(0.5, 0.8), constants: constants(otherThan(first, random)) },
    ],
    publications: publications(random, events, publishingEnds),
    publishingEnds,
    severity: random.pick([0.5, 1, 2]),
    consumerLimits: Array.from({ length: 5 }, () => random.pick([undefined, 1000, 170, 60])),
    leavesAt: publishingEnds * random.between(0.4, 0.6),
    awayKind: random.whole(0, 3),
    returnsAfterDeletion: random.chance(0.5),
  };
}

/** Milliseconds, and the setting. */
export interface DayLifetimes extends Lifetimes {
  readonly retentionHours: number;
  /** How much longer than its logs a slot stays. */
  readonly slotMargin: number;
}

const lifetimesOf = (retentionHours: number, hour: number): DayLifetimes => ({
  retentionHours,
  lifetime: retentionHours * hour,
  itemLifetime: (retentionHours + LOG_MARGIN / HOUR) * hour,
  slotMargin: (SLOT_MARGIN / HOUR) * hour,
});

function otherThan(shards: number, random: Random): number {
  const other = random.whole(1, 5);
  return other < shards ? other : other + 1;
}
