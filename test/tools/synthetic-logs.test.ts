import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import { securityLogSchema } from '../../shared/log/security-log.ts';
import {
  producerDetail,
  type SyntheticLogOptions,
  takeSyntheticLogs,
} from '../../tools/synthetic-logs/synthetic-logs.ts';

const start = Date.UTC(2026, 10, 21);
const customers = [0, 1, 2, 3, 5, 7];
const take = (options: Partial<SyntheticLogOptions>) =>
  takeSyntheticLogs(500, { seed: 1, start, ...options });

describe('synthetic logs', () => {
  test('are security logs, with their keys in canonical order', () => {
    for (const vocabulary of customers)
      for (const size of ['typical', 'small'] as const)
        for (const log of take({ vocabulary, size }))
          expect(JSON.stringify(securityLogSchema.parse(log))).toBe(JSON.stringify(log));
  });

  test('are the same for the same options and differ by seed and by customer', () => {
    expect(take({})).toEqual(take({}));
    expect(take({ seed: 2 })).not.toEqual(take({}));
    expect(take({ vocabulary: 1 })[0]?.organization).not.toEqual(take({})[0]?.organization);
  });

  test('come in order of time, from the start on', () => {
    const times = take({}).map((log) => Date.parse(log['@timestamp']));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(start);
  });

  test('tell all nine events, of users who take turns', () => {
    const logs = takeSyntheticLogs(5000, { seed: 1, start, sessions: 20 });
    expect(new Set(logs.map((log) => log.event.action))).toEqual(new Set(EVENT_ACTIONS));
    const ofOneUser = logs.filter((log) => log.label.rid === logs[0]?.label.rid);
    expect(new Set(ofOneUser.map((log) => log.label.request_id)).size).toBe(ofOneUser.length);
    expect(new Set(logs.slice(0, 20).map((log) => log.label.rid)).size).toBeGreaterThan(5);
  });

  test('have the size they are asked for', () => {
    for (const vocabulary of customers) {
      const bytes = (size: 'typical' | 'small') =>
        take({ vocabulary, size }).map((log) => Buffer.byteLength(JSON.stringify(log)));
      const typical = bytes('typical');
      const mean = typical.reduce((a, b) => a + b) / typical.length;
      expect(mean).toBeGreaterThan(1600);
      expect(mean).toBeLessThan(1900);
      expect(Math.max(...bytes('small'))).toBeLessThanOrEqual(900);
    }
  });

  test('can be published with the producer’s own id', () => {
    const [log] = take({});
    if (log === undefined) throw new Error('no log');
    expect(JSON.parse(producerDetail(log, 'event-1'))).toEqual({
      ...log,
      event: { ...log.event, id: 'event-1' },
    });
  });
});
