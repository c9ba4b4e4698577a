import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changedLifetimes,
  currentLifetime,
  type Lifetime,
  leastLifetime,
} from '../../../shared/feed/lifetimes.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';

const MOST_HOURS = 240;
const OVERLAP = 1 * HOUR;
/** Settings as they are read by functions, one after another: how long after the one before, and the hours. */
const settings = fc.array(
  fc.record({
    later: fc.oneof(fc.integer({ min: 0, max: 30 * MINUTE }), fc.integer({ min: 0, max: 20 * 24 * HOUR })),
    hours: fc.integer({ min: 1, max: MOST_HOURS }),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The history that these settings leave; all lifetimes that were ever in force; and the last instant. */
function historyOf(given: ReadonlyArray<{ later: number; hours: number }>) {
  let now = Date.UTC(2026, 0, 1);
  let history: readonly Lifetime[] = [];
  let everything: readonly Lifetime[] = [];
  for (const { later, hours } of given) {
    now += later;
    const changed = changedLifetimes(history, hours, now);
    if (changed === undefined) continue;
    history = changed;
    everything = [...everything, { since: now, hours }];
  }
  return { history, everything, now };
}

describe('the history of lifetimes', () => {
  test('ends with the lifetime in force', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const { history, everything } = historyOf(given);
        expect(history.at(-1)).toEqual(everything.at(-1));
        expect(currentLifetime(history)).toBe((everything.at(-1)?.hours ?? 0) * HOUR);
      }),
    );
    expect(currentLifetime([])).toBe(0);
  });

  test('changes only with another setting, and after a quarter of an hour at least', () => {
    fc.assert(
      fc.property(
        settings,
        fc.integer({ min: 1, max: MOST_HOURS }),
        fc.nat(60 * MINUTE),
        (given, hours, later) => {
          const { history, now } = historyOf(given);
          const last = history.at(-1) as Lifetime;
          const changed = changedLifetimes(history, hours, now + later);
          const isChange = last.hours !== hours && now + later - last.since >= 15 * MINUTE;
          expect(changed !== undefined).toBe(isChange);
          if (changed) expect(changed.at(-1)).toEqual({ since: now + later, hours });
        },
      ),
    );
  });

  test('keeps what can matter, and no more: not many entries whatever happens', () => {
    fc.assert(
      fc.property(settings, (given) => {
        const { history, now } = historyOf(given);
        for (const [i] of history.entries()) {
          const end = history[i + 1]?.since ?? now;
          // Judged when the last entry was added.
          expect((history.at(-1) as Lifetime).since - end).toBeLessThanOrEqual(MOST_HOURS * HOUR + OVERLAP);
        }
      }),
    );
    const flapping = Array.from({ length: 5_000 }, (_, i) => ({ later: 15 * MINUTE, hours: 24 + (i % 2) }));
    expect(historyOf(flapping).history.length).toBeLessThanOrEqual((25 + 1) * 4 + 2);
  });

  test('names the least lifetime under which a slot may have been written since an instant', () => {
    fc.assert(
      fc.property(settings, fc.nat(MOST_HOURS * HOUR), (given, age) => {
        const { history, everything, now } = historyOf(given);
        const since = now - age;
        const inForce = everything.filter(
          (_, i) => (everything[i + 1]?.since ?? Number.POSITIVE_INFINITY) + OVERLAP > since,
        );
        const least = Math.min(...inForce.map(({ hours }) => hours)) * HOUR;
        const found = leastLifetime(history, since);
        // What was left out of the history is older than any lifetime: both say that it may have expired.
        if (found === least) return;
        expect(age).toBeGreaterThanOrEqual(least);
        expect(age).toBeGreaterThanOrEqual(found);
      }),
    );
  });

  test('counts a lifetime for an hour after its end: a batch may still be written under it', () => {
    const [first, second] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 20)];
    const raised = [
      { since: first, hours: 48 },
      { since: second, hours: 200 },
    ];
    expect(leastLifetime(raised, second + OVERLAP - 1)).toBe(48 * HOUR);
    expect(leastLifetime(raised, second + OVERLAP)).toBe(200 * HOUR);
    expect(leastLifetime(raised, first - 1000 * HOUR)).toBe(48 * HOUR);
  });
});
