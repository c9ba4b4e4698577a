import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demoEvents } from '../../../local/demo/demo-events.ts';
import { LogEngine } from '../../../page/engine/log-engine.ts';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';

const END = Date.UTC(2026, 10, 21, 9);
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('exactly one process fails its authentication three times in a row and then succeeds', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const engine = new LogEngine();
      for (const { detail } of demoEvents(END, seed).reverse()) engine.append(JSON.stringify(detail));
      const [first, second] = engine.processes(2).processes;
      expect(first).toMatchObject({ failures: 3, failuresBeforeSuccess: 3 });
      expect(second?.failuresBeforeSuccess).toBeLessThan(3);
    }),
    { numRuns: 30 },
  );
});

test('the hour has some hundreds of events of known actions, in the order of their time, and none after its end', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const events = demoEvents(END, seed);
      const times = events.map(({ detail }) => Date.parse(detail['@timestamp']));
      expect(events.length).toBeGreaterThan(300);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times.at(0)).toBeGreaterThanOrEqual(END - 3_600_000);
      expect(times.at(-1)).toBeLessThanOrEqual(END);
      for (const { detail } of events) expect(EVENT_ACTIONS).toContain(detail.event.action);
    }),
    { numRuns: 30 },
  );
});

test('the same seed gives the same hour', () => {
  expect(demoEvents(END, 7)).toEqual(demoEvents(END, 7));
});
