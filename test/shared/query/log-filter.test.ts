import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS, EVENT_GROUPS } from '../../../shared/event/actions.ts';
import { OUTCOME_OF, OUTCOMES } from '../../../shared/event/outcome.ts';
import type { SecurityLog } from '../../../shared/log/security-log.ts';
import {
  type LogFilter,
  logMatcher,
  readActions,
  readOutcomes,
  readRid,
} from '../../../shared/query/log-filter.ts';
import { anyEventId, anySecurityLog } from '../../fixtures/any-security-log.ts';

describe('the parameter action', () => {
  test('takes every action and every group', () => {
    for (const action of EVENT_ACTIONS) expect(readActions(action)).toEqual(new Set([action]));
    for (const [group, actions] of Object.entries(EVENT_GROUPS))
      expect(readActions(group)).toEqual(new Set(actions));
  });

  test('takes several, with commas between', () => {
    expect(readActions('Authentication,OPENED,OPENED,Link Sent')).toEqual(
      new Set([...EVENT_GROUPS.Authentication, 'OPENED', 'LINK_SENT']),
    );
  });

  test.each(['', 'opened', 'OPENED,', ',OPENED', 'OPENED, COMPLETED', 'constructor', '__proto__', 'all'])(
    'refuses %j',
    (value) => {
      expect(readActions(value)).toBeUndefined();
    },
  );
});

describe('the parameter outcome', () => {
  test('takes one or several', () => {
    for (const outcome of OUTCOMES) expect(readOutcomes(outcome)).toEqual(new Set([outcome]));
    expect(readOutcomes('failure,none')).toEqual(new Set(['failure', 'none']));
  });

  test.each(['', 'Success', 'failure,', 'unknown'])('refuses %j', (value) => {
    expect(readOutcomes(value)).toBeUndefined();
  });
});

describe('the parameter rid', () => {
  test('takes what a log can have', () => {
    expect(readRid('rid-1')).toBe('rid-1');
    expect(readRid('x'.repeat(1024))).toBe('x'.repeat(1024));
    expect(readRid('')).toBeUndefined();
    expect(readRid('x'.repeat(1025))).toBeUndefined();
  });
});

/** What the filter means, said with the log itself. */
const isWanted = ({ event, label }: SecurityLog, { actions, outcomes, rid }: LogFilter): boolean =>
  (actions === undefined || actions.has(event.action)) &&
  (outcomes === undefined || outcomes.has(OUTCOME_OF[event.action])) &&
  (rid === undefined || label.rid === rid);

const anySubset = <T>(of: readonly T[]) => fc.subarray([...of]).map((some) => new Set(some));

/** A log, and a filter that often asks for a text that the log has: its rid, or another one of its labels. */
const logAndFilter = anySecurityLog.chain((log) => {
  const texts = Object.values(log.label).filter((value) => typeof value === 'string');
  const rid = fc.oneof(fc.constantFrom(...texts), fc.constantFrom('r', '\\', '"', '', 'rid'), fc.string());
  const filter: fc.Arbitrary<LogFilter> = fc.record(
    { actions: anySubset(EVENT_ACTIONS), outcomes: anySubset(OUTCOMES), rid },
    { requiredKeys: [] },
  );
  return fc.tuple(fc.constant(log), filter);
});

describe('a filter', () => {
  test('finds in the bytes of any log what it would find in the log itself', () => {
    fc.assert(
      fc.property(logAndFilter, ([log, filter]) => {
        const matches = logMatcher(filter)?.(Buffer.from(JSON.stringify(log))) ?? true;
        expect(matches).toBe(isWanted(log, filter));
      }),
      { numRuns: 2000 },
    );
  });

  test('finds the same in the log as the feed shows it, whatever its id', () => {
    const anyId = fc.oneof(anyEventId, fc.constantFrom('"action":"OPENED"', 'action', '"rid":"r"', '\\'));
    fc.assert(
      fc.property(logAndFilter, anyId, ([log, filter], id) => {
        const event = { id, created: '2026-11-21T09:00:02.010Z', ...log.event };
        const matches = logMatcher(filter)?.(Buffer.from(JSON.stringify({ ...log, event }))) ?? true;
        expect(matches).toBe(isWanted(log, filter));
      }),
      { numRuns: 1000 },
    );
  });

  test('is none where every log is wanted', () => {
    expect(logMatcher({})).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['another label', { master_rid: 'r' }, 'r'],
    ['a text that looks like the field', { page_name: '"rid":"r"' }, 'r'],
    ['the beginning of the rid', { rid: 'rr' }, 'r'],
    ['the end of the rid', { rid: 'r"' }, '"'],
    ['a text named like the field', { page_name: 'rid', rid: 'q' }, 'r'],
  ])('by rid does not take %s for it', (_, label, rid) => {
    const json = JSON.stringify({ event: { action: 'OPENED' }, label: { app_type: 'player', ...label } });
    expect(logMatcher({ rid })?.(Buffer.from(json))).toBe(false);
  });

  test('by action does not take a text for the action', () => {
    const json = JSON.stringify({
      organization: { name: '"event":{"action":"COMPLETED"' },
      event: { action: 'OPENED' },
      label: { app_type: 'player' },
    });
    expect(logMatcher({ actions: new Set(['COMPLETED']) })?.(Buffer.from(json))).toBe(false);
    expect(logMatcher({ actions: new Set(['OPENED']) })?.(Buffer.from(json))).toBe(true);
  });
});
