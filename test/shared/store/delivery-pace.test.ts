import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveryPace } from '../../../shared/store/delivery-pace.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable();
});
afterAll(() => table.close());

const SIGNAL = new AbortController().signal;
const NOW = Date.UTC(2026, 10, 21, 9);

test('reserved instants are never closer than the rate allows, whoever reserves them, and leave no gap', async () => {
  const perSecond = 3;
  const processes = Array.from({ length: 8 }, () => deliveryPace(table.client, TABLE_NAME, perSecond));
  const reserved = await Promise.all(processes.map((reserve, i) => reserve(i + 1, NOW, SIGNAL)));
  for (const [i, instants] of reserved.entries()) expect(instants).toHaveLength(i + 1);
  const sorted = reserved.flat().sort((a, b) => a - b);
  expect(sorted[0]).toBe(NOW);
  for (const [i, instant] of sorted.entries()) expect(instant).toBeCloseTo(NOW + (i * 1000) / perSecond, 1);

  // After a pause they begin at once, not where the last ones ended.
  const [later] = await deliveryPace(table.client, TABLE_NAME, perSecond)(2, NOW + 3_600_000, SIGNAL);
  expect(later).toBe(NOW + 3_600_000);
});
