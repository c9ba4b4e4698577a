import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Mutation, mutate } from './mutant-hooks.ts';
import { runTraps, type SprungTrap } from './run-traps.ts';
import { explore } from './scenario.ts';
import { FEED_PAGE, withTrapTable } from './trap-table.ts';
import { TRAPS } from './traps.ts';

let sprung: SprungTrap[] = [];
beforeAll(async () => {
  sprung = await runTraps();
}, 180_000);

describe('the simulation', () => {
  test.each(TRAPS)('finds what goes wrong: $name', ({ name }) => {
    expect(sprung.find(({ trap }) => trap.name === name)?.exploration.violation).toEqual(expect.any(String));
  });

  test.each(TRAPS)('finds nothing in the same runs without it: $name', async ({ name, scenario }) => {
    const runs = sprung.find(({ trap }) => trap.name === name)?.exploration.runs ?? 0;
    const { violation, steps } = await explore({ name, ...scenario }, { until: Date.now() + 60_000, runs });
    expect({ violation, steps }).toEqual({ violation: undefined, steps: [] });
  });

  test('has each trap once, at one place of the source', () => {
    expect(new Set(TRAPS.map(({ name }) => name)).size).toBe(TRAPS.length);
    for (const trap of TRAPS) expect(mutate(trap)).toContain(trap.replace);
    const nowhere: Mutation = { file: 'shared/feed/clocks.ts', find: 'no such text', replace: '' };
    expect(() => mutate(nowhere)).toThrow('0 times');
    expect(() => mutate({ ...nowhere, find: 'export' })).toThrow('3 times');
  });

  test('wrote the table of the page: npm run feed-traps writes it', () => {
    const page = readFileSync(FEED_PAGE, 'utf8');
    expect(page).toBe(withTrapTable(page, sprung));
  });
});
