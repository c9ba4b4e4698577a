import { beforeAll, describe, expect, test } from 'vitest';
import { GIVE_UP_AFTER_MS } from '../../../functions/deliver/retry-policy.ts';
import { createRandom } from '../../../tools/synthetic-logs/random.ts';
import { type Answer, type SimulationOptions, simulatedDelivery } from '../../fixtures/simulated-delivery.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** What the clock of the simulation begins with, and the delay of a message is rounded by. */
const ROUNDING = SECOND;

const delivers: Answer = () => ({ outcome: { kind: 'delivered' }, tookMs: 50 });
const answers503: Answer = () => ({ outcome: { kind: 'failed', reason: '503' }, tookMs: 50 });
const hangs: Answer = () => ({ outcome: { kind: 'failed', reason: 'no answer' }, tookMs: 10 * SECOND });

/** Takes no log from `from` (inclusive) until `until` (exclusive). */
const outage =
  (fails: Answer, from: number, until: number): Answer =>
  (id, at) =>
    (at >= from && at < until ? fails : delivers)(id, at);

const simulate = (seed: number, answer: Answer, options: Partial<SimulationOptions> = {}) =>
  simulatedDelivery({ processes: 4, answer, random: createRandom(seed).next, ...options });
/** Four processes with attempts of ten seconds, ten at once, take only four logs a second. */
const RATE = 6;
const stored = (name: string, from: number, until: number, rate = RATE) =>
  Array.from({ length: Math.floor((rate * (until - from)) / SECOND) }, (_, i) => ({
    id: `${name}-${i}`,
    at: from + Math.floor((i * SECOND) / rate),
  }));

describe.each([
  ['hangs', hangs],
  ['answers 503', answers503],
])('a service that %s for half an hour', (_, fails) => {
  const BEGIN = 5 * MINUTE;
  const END = BEGIN + HOUR / 2;
  const seed = Math.floor(Math.random() * 2 ** 31);
  const simulation = simulate(seed, outage(fails, BEGIN, END));
  const before = stored('before', 0, BEGIN);
  const during = stored('during', BEGIN, END);
  const after = stored('after', END, END + 20 * MINUTE);
  const delayOf = ({ id, at }: { id: string; at: number }): number =>
    (simulation.deliveredAt.get(id) ?? Number.POSITIVE_INFINITY) - at;
  const longest = (delays: readonly number[]): number => Math.max(...delays);

  beforeAll(async () => {
    simulation.publish([...before, ...during, ...after]);
    await simulation.run();
  });

  test(`gets every log: new ones within a minute of its recovery, the backlog within a quarter of an hour (seed ${seed})`, () => {
    expect(simulation.givenUp).toEqual([]);
    expect(longest(before.map(delayOf))).toBeLessThan(MINUTE);
    expect(longest(after.map(delayOf))).toBeLessThan(MINUTE);
    expect(longest(during.map(({ id }) => delayOf({ id, at: END })))).toBeLessThan(16 * MINUTE);
  });

  test('does not keep new logs in their queue: each is received soon, and sent on', () => {
    expect(simulation.longestWaitOfNew()).toBeLessThan(20 * SECOND);
  });

  test('is tried no more often than it can tell that it lives', () => {
    const attempts = [...simulation.attempts.values()].reduce((sum, each) => sum + each, 0);
    const logs = before.length + during.length + after.length;
    // eight processes, with half a minute between their probes and ten attempts at once before they notice
    expect(attempts - logs).toBeLessThan(8 * (2 * 30 + 20));
  });
});

describe('a service that never comes back', () => {
  test('has each log given up after a day, not earlier, with the reason, the attempts and the first failure', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const simulation = simulate(seed, answers503, { processes: 1 });
    const logs = stored('lost', 0, 10 * SECOND, 1);
    simulation.publish(logs);
    await simulation.run();
    expect(simulation.givenUp.map(({ id }) => id).sort(), `seed ${seed}`).toEqual(
      logs.map(({ id }) => id).sort(),
    );
    for (const { id, at, attributes } of simulation.givenUp) {
      expect(attributes).toEqual({
        Reason: '503',
        Attempts: String(simulation.attempts.get(id)),
        FirstFailedAt: expect.stringMatching(/^\d+$/),
      });
      const patience = at - Number(attributes['FirstFailedAt']);
      expect(patience).toBeGreaterThanOrEqual(GIVE_UP_AFTER_MS);
      expect(patience).toBeLessThan(GIVE_UP_AFTER_MS + MINUTE + ROUNDING);
    }
    expect(GIVE_UP_AFTER_MS).toBeGreaterThan(12 * HOUR);
  });

  test('does not keep the logs that it takes from being delivered', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const poison: Answer = (id, at) => (id.startsWith('poison') ? answers503 : delivers)(id, at);
    const simulation = simulate(seed, poison, { processes: 1 });
    const good = stored('good', 0, HOUR, 2);
    simulation.publish([...stored('poison', 0, 20 * SECOND, 1), ...good]);
    await simulation.run(2 * HOUR);
    const delays = good.map(({ id, at }) => (simulation.deliveredAt.get(id) ?? Number.NaN) - at);
    expect(Math.max(...delays), `seed ${seed}`).toBeLessThan(2 * MINUTE);
  });
});
