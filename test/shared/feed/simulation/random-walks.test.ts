import { expect, test } from 'vitest';
import { walk } from './walk.ts';

/** FEED_SEED walks again from a seed that a failure has printed; FEED_WALKS says how many walks to take. */
const first = Number(process.env['FEED_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));
const count = Number(process.env['FEED_WALKS'] ?? (process.env['FEED_SEED'] === undefined ? 150 : 1));

test('the feed keeps its promises on random walks', { timeout: 60_000 + count * 1000 }, async () => {
  for (let seed = first; seed < first + count; seed++) {
    const found = await walk(seed);
    expect(found, `FEED_SEED=${seed}`).toBeUndefined();
  }
});

test('a walk is the same each time for the same seed', async () => {
  const texts = [await trace(first), await trace(first), await trace(first + 1)];
  expect(texts[0]).toBe(texts[1]);
  expect(texts[0]).not.toBe(texts[2]);
});

async function trace(seed: number): Promise<string> {
  const steps: string[] = [];
  await walk(seed, (step) => steps.push(step));
  return steps.join('\n');
}
