import { expect, test } from 'vitest';
import { consumerMetrics } from '../../../functions/http/consumer-metrics.ts';

/** Counts readings, and gives what was published: dimensions and metrics together. */
function counting(...readings: [keyName: string, behindMs: number | undefined][]) {
  const published: Record<string, unknown>[] = [];
  let pending: Record<string, unknown> = {};
  const metrics = {
    addDimension: (name: string, value: string) => {
      pending[name] = value;
    },
    addMetric: (name: string, unit: string, value: number) => {
      pending[name] = `${value} ${unit}`;
    },
    publishStoredMetrics: () => {
      published.push(pending);
      pending = {};
    },
  };
  const { read } = consumerMetrics(metrics as never, ['siem', 'team']);
  for (const reading of readings) read(...reading);
  return published;
}

test('each reading of a registered consumer is counted with its key, and with how far behind it was', () => {
  expect(counting(['siem', 90_000], ['team', 0], ['siem', undefined])).toEqual([
    { key: 'siem', Reads: '1 Count', Behind: '90 Seconds' },
    { key: 'team', Reads: '1 Count', Behind: '0 Seconds' },
    { key: 'siem', Reads: '1 Count' },
  ]);
});

test('nobody else is counted', () => {
  expect(counting(['default', 90_000], ['sie', 0])).toEqual([]);
});
