import { describe, expect, test } from 'vitest';
import { parseFeedQuery } from '../../../shared/query/feed-parameters.ts';
import { cursorAt } from '../../fixtures/memory-feed.ts';

const AT_7 = cursorAt(7);

/** The error of a request with these parameters. */
function errorOf(parameters: Record<string, string[]>): unknown {
  try {
    parseFeedQuery(parameters);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a request to the feed', () => {
  test('without parameters is for the oldest 1,000 logs of both applications', () => {
    expect(parseFeedQuery({})).toEqual({
      start: { kind: 'oldest' },
      limit: 1000,
      applications: ['player', 'builder'],
      kept: {},
    });
  });

  test.each([
    ['now', { kind: 'now' }],
    ['20261121090000', { kind: 'since', since: Date.UTC(2026, 10, 21, 9) }],
    ['2026-11-21T10:00:00.5+01:00', { kind: 'since', since: Date.UTC(2026, 10, 21, 9, 0, 0, 500) }],
    ['1969-12-31T23:59:59Z', { kind: 'since', since: 0 }],
  ])('may start at %s', (start_time, start) => {
    expect(parseFeedQuery({ start_time: [start_time] }).start).toEqual(start);
  });

  test.each([undefined, ['20261121090000'], ['now'], ['yesterday'], [''], ['now', 'now']])(
    'with a cursor starts there, whatever start_time is: %j',
    (start_time) => {
      expect(parseFeedQuery({ cursor: [AT_7], start_time }).start).toMatchObject({
        kind: 'cursor',
        cursor: { positions: new Map([[0, { number: 7, members: 0 }]]) },
      });
    },
  );

  test('with an empty cursor has none', () => {
    expect(parseFeedQuery({ cursor: [''] }).start).toEqual({ kind: 'oldest' });
    expect(parseFeedQuery({ cursor: [''], start_time: ['now'] }).start).toEqual({ kind: 'now' });
  });

  test.each(['1', '1000', '10000'])('may have the limit %s', (limit) => {
    expect(parseFeedQuery({ limit: [limit] }).limit).toBe(Number(limit));
  });

  test('keeps for the next request what it has beside its place', () => {
    const { applications, kept } = parseFeedQuery({
      cursor: [AT_7],
      start_time: ['now'],
      limit: ['20'],
      app_type: ['builder'],
    });
    expect(applications).toEqual(['builder']);
    expect(kept).toEqual({ limit: '20', app_type: 'builder' });
  });

  test.each([
    [
      { cursor: ['x'] },
      'invalid_cursor',
      'cursor is "x"; accepted: the cursor of an earlier answer, as it was',
    ],
    [{ cursor: [AT_7.slice(0, -1)] }, 'invalid_cursor', `cursor is "${AT_7.slice(0, -1)}"; accepted: `],
    [{ cursor: ['y'.repeat(5000)] }, 'invalid_cursor', `cursor is "${'y'.repeat(200)}" and more; accepted: `],
    [{ cursor: [AT_7, AT_7] }, 'repeated_parameter', 'cursor is given 2 times; accepted: once'],
    [{ cursor: ['', ''] }, 'repeated_parameter', 'cursor is given 2 times; accepted: once'],
    [
      { start_time: ['yesterday'] },
      'invalid_time',
      'start_time is "yesterday"; accepted: now, YYYYMMDDHHMMSS in UTC, or an RFC 3339 time; a real date and time',
    ],
    [{ start_time: [''] }, 'invalid_time', 'start_time is ""; accepted: now, '],
    [{ start_time: ['NOW'] }, 'invalid_time', 'start_time is "NOW"; accepted: now, '],
    [{ start_time: ['now', 'now'] }, 'repeated_parameter', 'start_time is given 2 times; accepted: once'],
    [{ app_type: ['both'] }, 'invalid_app_type', 'app_type is "both"; accepted: player, builder'],
    [
      { end_time: ['20261121090000'] },
      'unknown_parameter',
      'unknown parameter "end_time"; accepted: cursor, start_time, limit, app_type',
    ],
    [{ cursor: [AT_7], fields: ['x'] }, 'unknown_parameter', 'unknown parameter "fields"; accepted: '],
  ])('is refused with %j: %s', (parameters, code, message) => {
    expect(errorOf(parameters)).toMatchObject({
      status: 400,
      code,
      message: expect.stringContaining(message),
    });
  });

  test.each(['', '0', '10001', '100000000', '-1', '1.5', '1e3', ' 5', '0x10', 'all', '٣'])(
    'is refused with the limit %j',
    (limit) => {
      expect(errorOf({ limit: [limit] })).toMatchObject({
        status: 400,
        code: 'invalid_limit',
        message: `limit is ${JSON.stringify(limit)}; accepted: a whole number from 1 to 10000`,
      });
    },
  );
});
