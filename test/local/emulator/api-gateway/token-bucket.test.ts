import { expect, test } from 'vitest';
import { tokenBucket } from '../../../../local/emulator/api-gateway/token-bucket.ts';

test('a token bucket lets a burst through, and then a steady rate', () => {
  let now = 0;
  const admit = tokenBucket({ rate: 10, burst: 3 }, () => now);
  expect([admit(), admit(), admit(), admit()]).toEqual([true, true, true, false]);
  now = 100;
  expect([admit(), admit()]).toEqual([true, false]);
  now = 60_000;
  expect([admit(), admit(), admit(), admit()]).toEqual([true, true, true, false]);
});
