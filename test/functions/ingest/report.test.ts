import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, test } from 'vitest';
import { reporter } from '../../../functions/ingest/report.ts';

test('the report of a batch counts its outcomes and corrections, and logs ids and reasons, never a message', () => {
  const lines: unknown[][] = [];
  const counts: Record<string, number> = {};
  let published = 0;
  const logger: Partial<Record<keyof Logger, unknown>> = {
    warn: (...line: unknown[]) => lines.push(['warn', ...line]),
    error: (...line: unknown[]) => lines.push(['error', ...line]),
  };
  const metrics: Partial<Record<keyof Metrics, unknown>> = {
    addMetric(name: string, _: string, value: number) {
      counts[name] = value;
    },
    publishStoredMetrics() {
      published += 1;
    },
  };
  const corrections = { unknownFields: 2, replacedTimestamps: 1, replacedAppTypes: 0 };
  const throttled = Object.assign(new Error('with the item'), {
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 400 },
  });
  reporter(
    logger as Logger,
    metrics as Metrics,
  )([
    { messageId: 'a', outcome: { kind: 'stored', corrections, lagMs: 1500 } },
    { messageId: 'e', outcome: { kind: 'stored', corrections, lagMs: 700 } },
    { messageId: 'f', outcome: { kind: 'stored', corrections } },
    { messageId: 'b', outcome: { kind: 'duplicate', corrections } },
    { messageId: 'c', outcome: { kind: 'rejected', code: 'missing_action' } },
    { messageId: 'd', outcome: { kind: 'failed', error: throttled } },
  ]);
  expect(counts).toEqual({
    IngestLag: 1.5,
    Stored: 3,
    Duplicates: 1,
    Rejected: 1,
    Failed: 1,
    UnknownFields: 8,
    ReplacedTimestamps: 4,
    ReplacedAppTypes: 0,
  });
  expect(published).toBe(1);
  expect(lines).toEqual([
    ['warn', 'event rejected', { messageId: 'c', code: 'missing_action' }],
    ['error', 'event goes back to the queue', { messageId: 'd', error: 'ThrottlingException (400)' }],
  ]);
});
