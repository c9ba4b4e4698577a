import { describe, expect, test } from 'vitest';
import { READ_STATUS } from '../../../shared/operations/read-status.ts';
import { deliverySwitch, serviceStatus } from '../../../shared/status/service-status.ts';

const figures = {
  version: '1.2.3',
  readAt: Date.UTC(2026, 10, 21, 9, 0, 10),
  lastStored: {
    storedAt: Date.UTC(2026, 10, 21, 9, 0, 2, 10),
    eventAt: Date.UTC(2026, 10, 21, 9, 0, 0, 123),
  },
  ingest: { all: 4 },
  kind: 'none',
  delivery: undefined,
} as const;

describe('the status', () => {
  test('says when the newest log was stored, and how late', () => {
    const answer = serviceStatus(figures);
    expect(answer).toEqual({
      generated_at: '2026-11-21T09:00:10.000Z',
      version: '1.2.3',
      last_stored_at: '2026-11-21T09:00:02.010Z',
      last_event_at: '2026-11-21T09:00:00.123Z',
      ingest: { lag_seconds: 1.887, waiting: 4 },
      custom_service: { kind: 'none' },
    });
    expect(READ_STATUS.bodies['application/json']?.safeParse(answer).success).toBe(true);
  });

  test('has null where no log was found', () => {
    const answer = serviceStatus({ ...figures, lastStored: undefined });
    expect(answer).toMatchObject({
      last_stored_at: null,
      last_event_at: null,
      ingest: { lag_seconds: null },
    });
  });

  test('has no negative lag for an event of the future', () => {
    const lastStored = { storedAt: 1_000, eventAt: 2_000 };
    expect(serviceStatus({ ...figures, lastStored }).ingest.lag_seconds).toBe(0);
  });

  test.each([
    [['Enabled', 'Enabled'], 'running'],
    [['Disabled', 'Disabled'], 'paused'],
    [['Enabled', 'Disabled'], 'changing'],
    [['Disabling', 'Disabling'], 'changing'],
  ] as const)('calls mappings that are %j %s', (states, expected) => {
    expect(deliverySwitch(states)).toBe(expected);
  });
});
