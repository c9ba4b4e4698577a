import { describe, expect, test } from 'vitest';
import { HttpError } from '../../../shared/http-errors.ts';
import { parseLogQuery } from '../../../shared/query/parameters.ts';

const NOW = Date.parse('2026-11-22T12:00:00.123Z');
const parse = (queryString: string) => {
  const given = new URLSearchParams(queryString);
  return parseLogQuery(Object.fromEntries([...given.keys()].map((name) => [name, given.getAll(name)])), NOW);
};

describe('a query', () => {
  test('without an end reads until the second that runs, both applications', () => {
    expect(parse('start_time=20261122110000')).toEqual({
      window: { from: Date.parse('2026-11-22T11:00:00Z'), until: Date.parse('2026-11-22T12:00:00Z') },
      applications: ['player', 'builder'],
      endTime: '20261122120000',
      timeFormat: 'published',
    });
  });

  test.each([
    ['start_time=20261122110000&end_time=20261122113000', '20261122113000'],
    ['start_time=20261122110000&end_time=2026-11-22T11:30:00.25Z', '2026-11-22T11:30:00.25Z'],
    ['start_time=20261122110000&end_time=2026-11-22T12:30:00+01:00', '2026-11-22T12:30:00+01:00'],
    ['start_time=20261122110000&end_type=2026-11-22T11:30:00.1239Z', '2026-11-22T11:30:00.123Z'],
    ['start_time=2026-11-22T11:00:00Z', '20261122120000'],
    ['start_time=29990101000000&end_time=29990201000000', '29990201000000'],
  ])('%j ends at %s, in the form in which it was given', (queryString, endTime) => {
    const query = parse(queryString);
    expect(query.endTime).toBe(endTime);
    expect(parse(`start_time=20261122110000&end_time=${encodeURIComponent(endTime)}`).window.until).toBe(
      query.window.until,
    );
  });

  test.each([
    ['start_time=20261122120000', '20261122120000'],
    ['start_time=20261122120001', '20261122120001'],
    ['start_time=29990101000000', '29990101000000'],
    ['start_time=2026-11-22T12:00:00.1Z', '2026-11-22T12:00:00.1Z'],
    ['start_time=2026-11-22T13:00:01%2B01:00', '20261122120001'],
    ['start_time=20261122110000&end_time=20261122110000', '20261122110000'],
    ['start_time=2026-11-22T11:00:00.5Z&end_time=2026-11-22T11:00:00.5009Z', '2026-11-22T11:00:00.500Z'],
  ])('%j is an empty window that ends at its start, from where a poller goes on', (queryString, endTime) => {
    const { window, endTime: given } = parse(queryString);
    expect(window.until).toBe(window.from);
    expect(given).toBe(endTime);
  });

  test.each([
    ['start_time=20261122110000', 'published'],
    ['start_time=2026-11-22T11:00:00Z', 'rfc3339'],
    ['start_time=2026-11-22T11:00:00Z&end_time=20261122113000', 'published'],
    ['start_time=20261122110000&end_time=2026-11-22T11:30:00Z', 'rfc3339'],
  ])('%j is told other times in the format %s', (queryString, timeFormat) => {
    expect(parse(queryString).timeFormat).toBe(timeFormat);
  });

  test('may write one end twice, in two forms', () => {
    const ends = 'end_time=20261122113000&end_type=2026-11-22T12:30:00%2B01:00';
    expect(parse(`start_time=20261122110000&${ends}`).window.until).toBe(Date.parse('2026-11-22T11:30:00Z'));
  });

  test.each([
    'end_time=20261122113000',
    'end_type=20261122113000',
    'end_time=20261122113000&end_type=20261122113000',
  ])('takes its end from %s', (end) => {
    expect(parse(`start_time=20261122110000&${end}`).window.until).toBe(Date.parse('2026-11-22T11:30:00Z'));
  });

  test.each(['player', 'builder'])('of %s reads that application alone', (application) => {
    expect(parse(`start_time=20261122110000&app_type=${application}`).applications).toEqual([application]);
  });

  test.each([
    [
      '',
      'missing_parameter',
      ['start_time is missing; accepted: YYYYMMDDHHMMSS in UTC, or an RFC 3339 time'],
    ],
    ['end_time=20261122110000', 'missing_parameter', ['start_time']],
    ['start_time=', 'invalid_time', ['start_time', '""']],
    ['start_time=2026-11-22', 'invalid_time', ['start_time', '"2026-11-22"', 'YYYYMMDDHHMMSS']],
    ['start_time=20260230000000', 'invalid_time', ['"20260230000000"', 'real date']],
    ['start_time=20261122110000&end_time=x', 'invalid_time', ['end_time', '"x"']],
    ['start_time=20261122110000&end_type=', 'invalid_time', ['end_type', '""']],
    ['start_time=20261122110000&end_time=2026-11-22', 'invalid_time', ['end_time', 'RFC 3339']],
    [
      'start_time=20261122110000&end_time=20261122105959',
      'invalid_window',
      ['end_time', 'start_time or later'],
    ],
    ['start_time=20261122110000&end_time=2026-11-22T10:59:59.999Z', 'invalid_window', ['10:59:59.999Z']],
    [
      'start_time=20261122110000&end_time=20261122100000',
      'invalid_window',
      ['20261122100000', '20261122110000'],
    ],
    ['start_time=20261122110000&end_type=20261122100000', 'invalid_window', ['end_type']],
    [
      'start_time=20261122110000&end_time=20261122113000&end_type=20261122113001',
      'conflicting_parameters',
      ['end_type', '20261122113001', '20261122113000'],
    ],
    [
      'start_time=20261122110000&app_type=Player',
      'invalid_app_type',
      ['app_type', '"Player"', 'player, builder'],
    ],
    ['start_time=20261122110000&app_type=', 'invalid_app_type', ['app_type', '""']],
    [
      'start_time=20261122110000&limit=5',
      'unknown_parameter',
      ['limit', 'start_time, end_time, end_type, app_type'],
    ],
    ['start_time=20261122110000&START_TIME=20261122110000', 'unknown_parameter', ['START_TIME']],
    ['start_time=20261122110000&__proto__=x', 'unknown_parameter', ['__proto__']],
    ['start_time=20261122110000&=x', 'unknown_parameter', ['""']],
    ['start_time=20261122110000&start_time=20261122110000', 'repeated_parameter', ['start_time', 'once']],
    [
      'start_time=20261122110000&app_type=player&app_type=builder',
      'repeated_parameter',
      ['app_type', '2 times'],
    ],
  ])('%j is refused as %s', (queryString, code, words) => {
    try {
      parse(queryString);
    } catch (error) {
      const { status, code: given, message } = error as HttpError;
      expect(error).toBeInstanceOf(HttpError);
      expect([status, given]).toEqual([400, code]);
      for (const word of words) expect(message).toContain(word);
      return;
    }
    throw new Error('was accepted');
  });
});
