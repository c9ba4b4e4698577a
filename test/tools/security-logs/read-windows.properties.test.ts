import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WindowTooLarge } from '../../../shared/api-client/answers.ts';
import { readWindows } from '../../../tools/security-logs/get/read-windows.ts';

const START = Date.UTC(2026, 10, 21);
const iso = (second: number): string => new Date(START + 1000 * second).toISOString();
const secondOf = (time: string): number => (Date.parse(time) - START) / 1000;

describe('a range of time', () => {
  test('is read once, in order, whatever fits into an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1 }),
        async (length, capacities) => {
          let asked = 0;
          const read: number[] = [];
          const windows = readWindows({
            from: iso(0),
            until: iso(length),
            attempts: 1,
            onWait: () => {},
            async ask({ start, end }) {
              const capacity = capacities[asked++ % capacities.length] ?? 1;
              const [from, until] = [secondOf(start), secondOf(end)];
              if (until - from > capacity) throw new WindowTooLarge(iso(from + capacity));
              for (let second = from; second < until; second += 1) read.push(second);
              return { logs: until - from, lines: (async function* () {})() };
            },
          });
          let end = iso(0);
          for await (const window of windows) end = window.end;
          expect(read).toEqual(Array.from({ length }, (_, i) => i));
          expect(end).toBe(iso(length));
        },
      ),
      { numRuns: 50 },
    );
  });
});
