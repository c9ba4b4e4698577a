import { describe, expect, test } from 'vitest';
import { CallerError } from '../../shared/errors.ts';
import { parseLogQuery } from '../../shared/log-query.ts';

const NOW = Date.parse('2026-11-22T12:00:00.123Z');
const parse = (queryString: string) => {
  const given = new URLSearchParams(queryString);
  return parseLogQuery(Object.fromEntries([...given.keys()].map((name) => [name, given.getAll(name)])), NOW);
};

describe('a query', () => {
  test('without an end reads until now, both applications', () => {
    expect(parse('start_time=20261122110000')).toEqual({
      window: { from: Date.parse('2026-11-22T11:00:00Z'), until: NOW },
      applications: ['player', 'builder'],
    });
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

  test('that begins now or later has an empty window and is no error', () => {
    const { window } = parse('start_time=20261122120001');
    expect(window.until).toBeLessThan(window.from);
  });

  test.each([
    ['', 'missing_parameter', ['start_time', 'missing', 'YYYYMMDDHHMMSS']],
    ['end_time=20261122110000', 'missing_parameter', ['start_time']],
    ['start_time=', 'invalid_time', ['start_time', '""']],
    ['start_time=2026-11-22', 'invalid_time', ['start_time', '"2026-11-22"', 'YYYYMMDDHHMMSS']],
    ['start_time=20260230000000', 'invalid_time', ['"20260230000000"', 'real date']],
    ['start_time=20261122110000&end_time=x', 'invalid_time', ['end_time', '"x"']],
    ['start_time=20261122110000&end_type=', 'invalid_time', ['end_type', '""']],
    ['start_time=20261122110000&end_time=20261122110000', 'invalid_window', ['end_time', 'after start_time']],
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
      const { status, code: given, message } = error as CallerError;
      expect(error).toBeInstanceOf(CallerError);
      expect([status, given]).toEqual([400, code]);
      for (const word of words) expect(message).toContain(word);
      return;
    }
    throw new Error('was accepted');
  });
});
