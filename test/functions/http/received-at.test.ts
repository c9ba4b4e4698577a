import { expect, test } from 'vitest';
import { receivedAt } from '../../../functions/http/received-at.ts';

const NOW = Date.UTC(2026, 10, 21, 9);

test.each([
  ['now', NOW, NOW],
  ['a cold start ago', NOW - 8_000, NOW - 8_000],
  ['as long ago as the gateway waits', NOW - 60_000, NOW - 60_000],
  ['longer ago than the gateway waits', NOW - 60_001, NOW],
  ['in 1970', 0, NOW],
  ['before 1970', -1, NOW],
  ['in seconds', NOW / 1000, NOW],
  ['in the future', NOW + 1, NOW],
  ['at no instant', Number.NaN, NOW],
  ['never', Number.NEGATIVE_INFINITY, NOW],
  ['at a text', String(NOW - 5), NOW],
  ['at null', null, NOW],
  ['at no time that is said', undefined, NOW],
])('a request that began %s', (_, requestTimeEpoch, start) => {
  expect(receivedAt(requestTimeEpoch, NOW)).toBe(start);
});
