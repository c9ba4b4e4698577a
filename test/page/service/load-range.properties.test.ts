import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ServiceError } from '../../../page/service/ask.ts';
import { loadRange, type Obstacle, type Range } from '../../../page/service/load-range.ts';

const SECOND = 1000;

/** Loads a range from an API that `answer` stands for. */
async function load(range: Range, answer: (window: Range, call: number) => number) {
  const windows: Range[] = [];
  const obstacles: Obstacle[] = [];
  const waited: number[] = [];
  let calls = 0;
  const loadedFrom = await loadRange(range, {
    async readWindow(window) {
      const results = answer(window, calls++);
      windows.push(window);
      return { results, isFull: false };
    },
    onLoaded: () => {},
    onObstacle: (obstacle) => obstacles.push(obstacle),
    async wait(milliseconds) {
      waited.push(milliseconds);
    },
  });
  return { windows, obstacles, waited, loadedFrom };
}

const anyRange = fc
  .record({ from: fc.integer({ min: 0, max: 1e12 }), length: fc.integer({ min: 1, max: 48 * 3_600_000 }) })
  .map(({ from, length }) => ({ from, until: from + length }));

describe('the windows', () => {
  test('cover the range without a gap and without overlap, the newest first', async () => {
    const anyResults = fc.infiniteStream(fc.constantFrom(0, 100, 20_000, 90_000));
    await fc.assert(
      fc.asyncProperty(anyRange, anyResults, async (range, results) => {
        const { windows, loadedFrom } = await load(range, ({ from, until }) =>
          until - from < 60 * SECOND ? 10 : results.next().value,
        );
        expect(windows[0]?.until).toBe(range.until);
        windows.forEach(({ from }, i) => {
          expect(from).toBe(windows[i + 1]?.until ?? range.from);
        });
        expect(loadedFrom).toBe(range.from);
      }),
    );
  });

  test('become as small as the API says after a 408, and still cover the range', async () => {
    await fc.assert(
      fc.asyncProperty(anyRange, fc.integer({ min: 600, max: 4000 }), async (range, most) => {
        const { windows, obstacles } = await load(range, ({ from, until }) => {
          if (until - from <= most * SECOND) return 5000;
          const details = { status: 408, code: 'window_too_large', nextEndTime: from + (most / 2) * SECOND };
          throw new ServiceError('too large', details);
        });
        expect(windows.at(-1)?.from).toBe(range.from);
        for (const { kind } of obstacles) expect(kind).toBe('smaller-windows');
      }),
    );
  });

  test('are few where there is little, and the first is short', async () => {
    const { windows } = await load({ from: 0, until: 48 * 3_600_000 }, () => 10);
    expect(windows.length).toBeLessThan(8);
    expect(windows[0]).toEqual({ from: 48 * 3_600_000 - 300_000, until: 48 * 3_600_000 });
  });
});

describe('an error', () => {
  const range = { from: 0, until: 60_000 };
  const failing = (error: ServiceError, times: number) => (_: Range, call: number) => {
    if (call < times) throw error;
    return 1;
  };

  test('429 waits as long as the API says, and asks again for the same', async () => {
    const throttled = new ServiceError('slow down', { status: 429, code: 'throttled', retryAfter: 3000 });
    const { windows, waited, obstacles } = await load(range, failing(throttled, 2));
    expect({ windows, waited }).toEqual({ windows: [range], waited: [3000, 3000] });
    expect(obstacles[0]).toEqual({ kind: 'waiting', code: 'throttled', milliseconds: 3000 });
  });

  test('of a cut answer asks again, for less', async () => {
    const { windows, obstacles } = await load(range, failing(new ServiceError('cut', { code: 'cut' }), 1));
    expect(windows).toEqual([
      { from: 30_000, until: 60_000 },
      { from: 0, until: 30_000 },
    ]);
    expect(obstacles).toEqual([{ kind: 'cut' }]);
  });

  test.each([
    ['a wrong key', new ServiceError('no', { status: 401, code: 'unauthorized' }), 1],
    ['a second that is too large', new ServiceError('no', { status: 408, code: 'second_too_large' }), 1],
    ['an answer that is always cut', new ServiceError('cut', { code: 'cut' }), 100],
    ['a service that stays away', new ServiceError('no', { status: 503, code: 'store_unavailable' }), 100],
    ['a fault of the page', new Error('page'), 1],
  ])('%s ends the loading', async (_, error, times) => {
    await expect(load(range, failing(error as ServiceError, times))).rejects.toBe(error);
  });
});

test('loading ends where there is no room for more', async () => {
  const loadedFrom = await loadRange(
    { from: 0, until: 48 * 3_600_000 },
    {
      readWindow: async () => ({ results: 600_000, isFull: true }),
      onLoaded: () => {},
      onObstacle: () => {},
      wait: async () => {},
    },
  );
  expect(loadedFrom).toBe(48 * 3_600_000 - 300_000);
});
