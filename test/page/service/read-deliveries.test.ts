import { expect, test } from 'vitest';
import { countReasons } from '../../../page/service/read-deliveries.ts';

const delivery = (state: string, rest: { reason?: string; status?: number }) => ({
  ...{ id: 'd', state, '@timestamp': '2026-11-21T09:00:00.000Z' },
  ...rest,
});

test('the same reasons in the same state are counted together, the most frequent first', () => {
  const counted = countReasons([
    delivery('waiting', { status: 500 }),
    delivery('failed', { reason: 'gone', status: 410 }),
    delivery('waiting', { status: 500 }),
    delivery('unknown', {}),
    delivery('waiting', { reason: 'gone' }),
  ]);
  expect(counted[0]).toEqual({ state: 'waiting', reason: 'status 500', count: 2 });
  expect(counted.slice(1).map(({ state, reason }) => `${state} ${reason}`)).toEqual([
    'failed gone',
    'unknown not known',
    'waiting gone',
  ]);
});
