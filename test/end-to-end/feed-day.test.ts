import { beforeAll, describe, expect, inject, test } from 'vitest';
import { bundleForDays, type DayBundles } from './feed-day/day-bundles.ts';
import { runDay } from './feed-day/run-day.ts';
import { judge, judgeStored, judgeWindow, type StoredLog } from './feed-day/verdict.ts';

/**
 * A day in the feed's life, in seconds, through the whole local stack (docs/feed.md#why-it-is-correct).
 * FEED_DAY_SEEDS has other seeds, as `17` or `1,2,3`; test/end-to-end/feed-day/many-days.ts runs many in a row.
 */

const SEEDS = (process.env['FEED_DAY_SEEDS'] ?? '5,22,31').split(',').map(Number);
const SIZE = { events: 1000, seconds: 8, hour: 4000 };
/** Milliseconds; a busy machine is slow, and no verdict depends on it. */
const PATIENCE = 600_000;

let bundles: DayBundles;
beforeAll(async () => {
  bundles = await bundleForDays();
});

describe('a day with killed functions, a failing store, cut answers, copies, deployments and expiry', () => {
  test.concurrent.for(SEEDS)(
    'leaves each consumer with each log exactly once, or told of the gap (seed %i)',
    { timeout: PATIENCE },
    async (seed) => {
      const { violations, story } = await runDay(seed, { ...SIZE, assembly: inject('assembly'), bundles });
      for (const skipped of story.skipped) console.log(`seed ${seed}: skipped ${skipped}`);
      expect(violations, JSON.stringify(story)).toEqual([]);
    },
  );
});

describe('the verdict', () => {
  const lifetimes = { lifetime: 1000, itemLifetime: 16_000 };
  const stored = (id: string, createdAt: number, slot: string | undefined = '0.1'): StoredLog => ({
    application: 'player',
    id,
    timestamp: 1,
    createdAt,
    slot,
  });
  const a = stored('a', 100_000);
  const b = stored('b', 120_000);
  const consumed = { consumer: 'it', logs: [a, b], gaps: [] };

  test('finds a log twice, a log without slot, and a log that is missing', () => {
    expect(judge(consumed, [a, b], lifetimes)).toEqual({ wrong: [], missing: [] });
    expect(judge({ ...consumed, logs: [a, b, a] }, [a, b], lifetimes).wrong).toHaveLength(1);
    expect(judge(consumed, [a, { ...b, slot: undefined }], lifetimes).wrong).toHaveLength(1);
    expect(judge({ ...consumed, logs: [b] }, [a, b], lifetimes).missing).toHaveLength(1);
  });

  test('lets a log be missing only in a gap in which it had expired', () => {
    const without = (since: number, seenAt: number) =>
      judge({ ...consumed, logs: [b], gaps: [{ since, seenAt }] }, [a, b], lifetimes);
    expect(without(99_000, 101_000)).toEqual({ wrong: [], missing: [] });
    expect(without(99_000, 100_999).missing).toHaveLength(1);
    expect(without(110_001, 120_000).missing).toHaveLength(1);
    expect(without(99_000, 99_999).wrong).toHaveLength(1);
  });

  test('lets a copy be missing that was stored while the item of its first log was kept', () => {
    const [early, late] = [stored('a', 115_999), stored('a', 116_000)];
    expect(judge({ ...consumed, logs: [a] }, [a, early], lifetimes)).toEqual({ wrong: [], missing: [] });
    expect(judge({ ...consumed, logs: [a] }, [a, late], lifetimes).missing).toHaveLength(1);
    expect(judge({ ...consumed, logs: [] }, [early], lifetimes).missing).toHaveLength(1);
    expect(judge({ ...consumed, logs: [early] }, [a, early], lifetimes).missing).toHaveLength(1);
  });

  test('finds a published event that is not stored, one that is stored twice, and a stranger', () => {
    expect(judgeStored([a, a, b], [a, b], lifetimes)).toEqual([]);
    expect(judgeStored([a, b], [a], lifetimes)).toHaveLength(1);
    expect(judgeStored([a], [a, { ...a, createdAt: 104_999 }], lifetimes)).toHaveLength(1);
    expect(judgeStored([a], [a, { ...a, createdAt: 105_000 }], lifetimes)).toEqual([]);
    expect(judgeStored([a], [a, b], lifetimes)).toHaveLength(1);
  });

  test('finds a window that has less than the feed, a log twice, or a stranger', () => {
    const window = { logs: [a, b], endedAt: 120_500, consumedBefore: [a, b] };
    expect(judgeWindow(window, [a, b], lifetimes)).toEqual([]);
    expect(judgeWindow({ ...window, logs: [b] }, [a, b], lifetimes)).toEqual([]);
    expect(judgeWindow({ ...window, logs: [a] }, [a, b], lifetimes)).toHaveLength(1);
    expect(judgeWindow({ ...window, logs: [a, b, b] }, [a, b], lifetimes)).toHaveLength(1);
    expect(judgeWindow(window, [b], lifetimes)).toHaveLength(1);
  });
});
