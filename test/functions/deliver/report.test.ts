import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { beforeEach, describe, expect, test } from 'vitest';
import { reporter } from '../../../functions/deliver/report.ts';
import type { Settled, Step } from '../../../functions/deliver/retry-policy.ts';

const MESSAGE = { messageId: 'm' };
const STATE = {
  attempts: 3,
  denials: 0,
  firstFailedAt: 1000,
  reason: 'the service answered 503',
  notBefore: 0,
};
const DONE: Step = { kind: 'done' };
const RETRY: Step = { kind: 'retry', state: STATE };
const GIVE_UP: Step = { kind: 'giveUp', state: STATE };

let lines: unknown[][];
let counts: Record<string, number>;
let report: ReturnType<typeof reporter>;
beforeEach(() => {
  lines = [];
  counts = {};
  const log =
    (level: string) =>
    (...line: unknown[]) =>
      lines.push([level, ...line]);
  const logger: Partial<Record<keyof Logger, unknown>> = {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
  };
  const metrics: Partial<Record<keyof Metrics, unknown>> = {
    addMetric(name: string, _: string, value: number) {
      counts[name] = value;
    },
  };
  report = reporter(logger as Logger, metrics as Metrics);
});

const settle = (settled: Settled, step: Step) => report.settled(MESSAGE, settled, step, 4000, 6000);
const logFields = {
  messageId: 'm',
  attempts: 3,
  reason: 'the service answered 503',
  undeliveredMs: 5000,
  ms: 2000,
};

describe('the report of a delivery', () => {
  test('counts a delivered log and its latency', () => {
    settle({ kind: 'delivered' }, DONE);
    expect(counts).toEqual({ Delivered: 1, DeliveryLatency: 2000 });
    expect(lines).toEqual([['debug', 'log delivered', { messageId: 'm', ms: 2000 }]]);
  });

  test('names a log that expired as an error, and counts that nothing is left of its lifetime', () => {
    settle({ kind: 'expired' }, DONE);
    expect(counts).toEqual({ Expired: 1, RemainingLifetime: 0 });
    expect(lines).toEqual([['error', 'log expired before it could be delivered', { messageId: 'm' }]]);
  });

  test('warns of a message that names no stored log', () => {
    settle({ kind: 'missing' }, DONE);
    expect(counts).toEqual({ Missing: 1 });
    expect(lines).toEqual([['warn', expect.stringContaining('not in the table'), { messageId: 'm' }]]);
  });

  test('counts how much is left of the lifetime of a log that is put back', () => {
    settle({ kind: 'failed', reason: STATE.reason }, { kind: 'retry', state: { ...STATE, expiresAt: 9000 } });
    expect(counts).toMatchObject({ RemainingLifetime: 3 });
  });

  test('counts how much is left of the lifetime of a log that is not due yet', () => {
    report.notDue({ ...STATE, expiresAt: 9000 }, 4000);
    expect([counts, lines]).toEqual([{ RemainingLifetime: 5 }, []]);
  });

  test('warns of a delivery that could not be recorded', () => {
    report.notRecorded(MESSAGE, 'ECONNRESET');
    expect(counts).toEqual({ RecordsFailed: 1 });
    expect(lines).toEqual([
      ['warn', expect.stringContaining('could not be recorded'), { messageId: 'm', error: 'ECONNRESET' }],
    ]);
  });

  test.each(['failed', 'denied'] as const)('warns of a log that is tried again: %s', (kind) => {
    settle({ kind, reason: STATE.reason }, RETRY);
    expect(counts).toEqual({ Failed: 1, Delivered: 0, DeliveryLatency: 2000, UndeliveredAge: 5 });
    expect(lines).toEqual([['warn', 'delivery failed, will be tried again', logFields]]);
  });

  test.each(['refused', 'unusable'] as const)('names a log that is given up as an error: %s', (kind) => {
    settle({ kind, reason: STATE.reason }, GIVE_UP);
    expect(counts).toEqual({ Refused: 1, GivenUp: 1, DeliveryLatency: 2000, UndeliveredAge: 5 });
    expect(lines).toEqual([['error', 'delivery given up', logFields]]);
  });

  test('does not count the latency of a log that was not tried', () => {
    settle({ kind: 'postponed', reason: 'not tried', afterMs: 1 }, RETRY);
    expect(counts).toEqual({ Postponed: 1, UndeliveredAge: 5 });
    expect(lines).toEqual([['debug', 'delivery postponed', logFields]]);
  });

  test('names the error that kept a message in its queue', () => {
    report.leftInQueue(MESSAGE, 'ECONNRESET');
    expect(lines).toEqual([
      [
        'error',
        'a message could not be put into another queue, and stays where it is',
        { messageId: 'm', error: 'ECONNRESET' },
      ],
    ]);
  });
});
