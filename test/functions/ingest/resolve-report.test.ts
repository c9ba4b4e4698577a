import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Resolution, resolveReporter } from '../../../functions/ingest/resolve-report.ts';

const lines: unknown[][] = [];
const metrics: unknown[][] = [];
let published = 0;

const logger: Partial<Record<keyof Logger, unknown>> = {
  warn: (...line: unknown[]) => lines.push(['warn', ...line]),
  error: (...line: unknown[]) => lines.push(['error', ...line]),
};
const counters: Partial<Record<keyof Metrics, unknown>> = {
  addMetric: (...metric: unknown[]) => metrics.push(metric),
  publishStoredMetrics: () => (published += 1),
};
const report = (...resolutions: Resolution[]) =>
  resolveReporter(logger as Logger, counters as Metrics)(resolutions);

const slot = { kind: 'slot', shard: 2, number: 7 } as const;
const nothing = { rolledForward: 0, voided: 0, damaged: 0 };

beforeEach(() => {
  lines.length = 0;
  metrics.length = 0;
  published = 0;
});

describe('the report of a batch', () => {
  test('sums up what was done, and tells the age of the oldest open slot where all were looked at', () => {
    report(
      { messageIds: ['a'], request: slot, report: { rolledForward: 1, voided: 0, damaged: 0 } },
      {
        messageIds: ['b'],
        request: { kind: 'all' },
        report: { rolledForward: 2, voided: 3, damaged: 0, openSlots: 4, openSlotAge: 5.5 },
      },
    );
    expect(metrics).toEqual([
      ['OpenSlots', 'Count', 4],
      ['OpenSlotAge', 'Seconds', 5.5],
      ['RolledForward', 'Count', 3],
      ['VoidedSlots', 'Count', 3],
      ['DamagedSlots', 'Count', 0],
    ]);
    expect(published).toBe(1);
    expect(lines.map(([level, message]) => [level, message])).toEqual([
      ['warn', 'slots resolved'],
      ['warn', 'slots resolved'],
    ]);
  });

  test('says of an idle minute that nothing is open, so that an alarm hears of it, and logs no line', () => {
    const idle = { ...nothing, openSlots: 0, openSlotAge: 0 };
    report({ messageIds: ['a'], request: { kind: 'all' }, report: idle });
    expect(metrics).toContainEqual(['OpenSlots', 'Count', 0]);
    expect(metrics).toContainEqual(['OpenSlotAge', 'Seconds', 0]);
    expect(lines).toEqual([]);
  });

  test('says nothing of open slots where one slot was asked for, or the request failed', () => {
    report(
      { messageIds: ['a'], request: slot, report: nothing },
      { messageIds: ['b'], request: { kind: 'all' }, error: new Error('throttled') },
    );
    const names = metrics.map(([name]) => name);
    expect(names).not.toContain('OpenSlots');
    expect(names).not.toContain('OpenSlotAge');
  });

  test('logs a damaged slot as an error, and a failure with the messages that go back, not what they say', () => {
    const throttled = Object.assign(new Error('with the item'), {
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });
    report(
      { messageIds: ['a'], request: slot, report: { ...nothing, damaged: 1 } },
      { messageIds: ['b', 'c'], error: throttled },
    );
    expect(metrics).toContainEqual(['DamagedSlots', 'Count', 1]);
    expect(lines).toEqual([
      ['error', 'slots of the feed cannot be read', { request: slot, ...nothing, damaged: 1 }],
      [
        'error',
        'a request to resolve goes back to the queue',
        { messageIds: ['b', 'c'], error: 'ThrottlingException (400)' },
      ],
    ]);
  });
});
