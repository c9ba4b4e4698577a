import { HOUR, MINUTE, SECOND } from '../time.ts';

/**
 * How long logs are kept, now and before. What a slot's absence means depends on the lifetime that was in force when it
 * was written (docs/feed.md#expiry), so the head keeps the history.
 */
export interface Lifetime {
  /** Epoch milliseconds. The first of a history holds for the time before, too. */
  readonly since: number;
  readonly hours: number;
}

/** Intents, seals and voids stay this much longer than a log can be read. It exceeds all clock skew by far. */
export const SLOT_MARGIN = 6 * HOUR;
/** The items of logs stay longer than their slots, so that a batch that is finished late still finds them. */
export const LOG_MARGIN = 12 * HOUR;

/** Until when a log can be read under the lifetime that it was stored with, epoch milliseconds: of its item's `expiresAt`. */
export const readableUntil = (expiresAt: number): number => expiresAt - LOG_MARGIN;

/**
 * When the lifetime of a log ends, epoch milliseconds: it does not come back when the setting is raised.
 *
 * @param createdAt when it was stored, epoch milliseconds
 * @param expiresAt of its item, epoch seconds; undefined if the item has none
 * @param lifetime in force, milliseconds
 */
export const endOfLifetime = (createdAt: number, expiresAt: number | undefined, lifetime: number): number =>
  Math.min(
    createdAt + lifetime,
    expiresAt === undefined ? Number.POSITIVE_INFINITY : readableUntil(expiresAt * SECOND),
  );

/** A batch that is under way when the lifetime changes may still be written under the one before. */
const OVERLAP = 1 * HOUR;
/** During a deploy, functions with both settings run side by side: they do not replace each other's. */
const LEAST_STAY = 15 * MINUTE;

/** The lifetime in force, milliseconds. */
export const currentLifetime = (lifetimes: readonly Lifetime[]): number =>
  (lifetimes.at(-1)?.hours ?? 0) * HOUR;

/**
 * The shortest lifetime under which a slot may have been written since an instant, milliseconds.
 *
 * @param since epoch milliseconds
 */
export function leastLifetime(lifetimes: readonly Lifetime[], since: number): number {
  const inForce = lifetimes.filter(
    (_, i) => (lifetimes[i + 1]?.since ?? Number.POSITIVE_INFINITY) + OVERLAP > since,
  );
  return Math.min(...inForce.map(({ hours }) => hours)) * HOUR;
}

/**
 * Whether what was stored at an instant may have expired. What is absent then says nothing, and what is unfinished stays so.
 *
 * @param at epoch milliseconds, like `now`
 */
export const mayHaveExpired = (lifetimes: readonly Lifetime[], at: number, now: number): boolean =>
  now - at >= leastLifetime(lifetimes, at);

/**
 * The history after this function has read its setting.
 *
 * @returns undefined if nothing changes
 */
export function changedLifetimes(
  lifetimes: readonly Lifetime[],
  hours: number,
  now: number,
): readonly Lifetime[] | undefined {
  const last = lifetimes.at(-1);
  if (last && (last.hours === hours || now - last.since < LEAST_STAY)) return undefined;
  const longest = Math.max(hours, ...lifetimes.map((lifetime) => lifetime.hours)) * HOUR;
  const stillMatters = (_: Lifetime, i: number): boolean =>
    now - (lifetimes[i + 1]?.since ?? now) <= longest + OVERLAP;
  return [...lifetimes.filter(stillMatters), { since: now, hours }];
}
