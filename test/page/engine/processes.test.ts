import { expect, test } from 'vitest';
import { LogEngine } from '../../../page/engine/log-engine.ts';
import { START } from '../any-log.ts';

const ACTIONS = {
  f: 'CheckAuthResponseAuthenticationFailed',
  e: 'CheckAuthResponseAuthenticationError',
  s: 'CheckAuthResponseAuthenticationSucceed',
  o: 'OPENED',
} as const;

/** Processes, each with a letter for each of its events. */
function engineOf(processes: Readonly<Record<string, string>>): LogEngine {
  const engine = new LogEngine();
  for (const [rid, letters] of Object.entries(processes))
    for (const [n, letter] of Array.from(letters).entries())
      engine.append(
        JSON.stringify({
          '@timestamp': new Date(START + n).toISOString(),
          event: { action: ACTIONS[letter as keyof typeof ACTIONS] },
          label: { rid },
        }),
      );
  return engine;
}

test('failures count together until an authentication succeeds', () => {
  const { processes } = engineOf({ a: 'fsfs', b: 'offoes', c: 'ffff', d: 'sff', e: 'oo' }).processes(10);
  expect(
    processes.map(({ rid, failuresBeforeSuccess, failures }) => [rid, failuresBeforeSuccess, failures]),
  ).toEqual([
    ['b', 3, 3],
    ['a', 1, 2],
    ['c', 0, 4],
    ['d', 0, 2],
    ['e', 0, 0],
  ]);
});

test('a query finds processes by one of their logs, and each is told with all of them', () => {
  const engine = engineOf({ a: 'ffs', b: 'os' });
  engine.setQuery('outcome:failure');
  expect(engine.processes(10)).toMatchObject({
    total: 1,
    processes: [{ rid: 'a', events: 3, failuresBeforeSuccess: 2 }],
  });
});
