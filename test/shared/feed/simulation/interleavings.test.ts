import { describe, expect, test } from 'vitest';
import { explore } from './scenario.ts';
import { SMALL_CASES } from './small-cases.ts';

/** How long one case may take, milliseconds. Most take a second. */
const LONGEST = 100_000;

describe('the feed keeps its promises in all interleavings of', () => {
  test.each(SMALL_CASES)('$name', { timeout: LONGEST + 20_000 }, async (scenario) => {
    const { violation, steps, isComplete } = await explore(scenario, { until: Date.now() + LONGEST });
    expect({ violation, steps }).toEqual({ violation: undefined, steps: [] });
    expect(isComplete).toBe(true);
  });
});
