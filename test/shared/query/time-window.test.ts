import { describe, expect, test } from 'vitest';
import { formatTimeParameter, parseTimeParameter } from '../../../shared/query/time-parameter.ts';
import { formatQueryTime, parseQueryTime } from '../../../shared/query/time-window.ts';

describe('the time of a query', () => {
  test.each([
    ['20261121090000', '2026-11-21T09:00:00.000Z'],
    ['20240229235959', '2024-02-29T23:59:59.000Z'],
    ['19700101000000', '1970-01-01T00:00:00.000Z'],
    ['00500101000000', '0050-01-01T00:00:00.000Z'],
    ['99991231235959', '9999-12-31T23:59:59.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(parseQueryTime(text)).toBe(Date.parse(instant));
    expect(formatQueryTime(Date.parse(instant))).toBe(text);
  });

  test.each([
    ['', 'empty'],
    ['2026112109000', 'a digit short'],
    ['202611210900000', 'a digit long'],
    [' 20261121090000', 'a space before'],
    ['20261121090000\n', 'a line feed after'],
    ['2026-11-21T09:00', 'another format'],
    ['20260230000000', '30 February'],
    ['20250229000000', 'no leap year'],
    ['20261301000000', 'month 13'],
    ['20260001000000', 'month 0'],
    ['20260100000000', 'day 0'],
    ['20261121240000', 'hour 24'],
    ['20261121096000', 'minute 60'],
    ['20261121090060', 'second 60'],
    ['２０２６１１２１０９００００', 'other digits'],
  ])('%j is refused: %s', (text) => {
    expect(parseQueryTime(text)).toBeUndefined();
  });
});

describe('the time of a query in RFC 3339', () => {
  test.each([
    ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00Z', 'no fraction'],
    ['2026-11-21T09:00:00.5Z', '2026-11-21T09:00:00.500Z', '2026-11-21T09:00:00.5Z', 'tenths'],
    [
      '2026-11-21T09:00:00.000Z',
      '2026-11-21T09:00:00.000Z',
      '2026-11-21T09:00:00.000Z',
      'a fraction of zero',
    ],
    [
      '2026-11-21T09:00:00.1239999999999Z',
      '2026-11-21T09:00:00.123Z',
      '2026-11-21T09:00:00.123Z',
      'truncated',
    ],
    ['2026-11-21T10:00:00.25+01:00', '2026-11-21T09:00:00.250Z', '2026-11-21T10:00:00.25+01:00', 'east'],
    ['2026-11-21T10:00:00 01:00', '2026-11-21T09:00:00.000Z', '2026-11-21T10:00:00+01:00', 'a decoded plus'],
    ['2026-11-21T01:00:00-08:00', '2026-11-21T09:00:00.000Z', '2026-11-21T01:00:00-08:00', 'west'],
    ['2026-11-21T09:00:00-00:00', '2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00-00:00', 'zone unknown'],
    ['2026-11-21t09:00:00z', '2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00Z', 'lower case'],
    [
      '2026-11-21 09:00:00+00:00',
      '2026-11-21T09:00:00.000Z',
      '2026-11-21T09:00:00+00:00',
      'a space for the T',
    ],
    ['2026-11-21 09:00:00 00:00', '2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00+00:00', 'two spaces'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z', '2016-12-31T23:59:60Z', 'second 60'],
    ['1969-07-20T20:17:40Z', '1969-07-20T20:17:40.000Z', '1969-07-20T20:17:40Z', 'before 1970'],
    ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z', '0000-01-01T00:00:00Z', 'the first'],
  ])('%s is %s, and is written %s: %s', (value, instant, text) => {
    expect(parseTimeParameter(value)).toEqual({ instant: Date.parse(instant), text, format: 'rfc3339' });
    expect(parseTimeParameter(text)?.instant).toBe(Date.parse(instant));
  });

  test.each([
    ['2026-11-21', 'a date alone'],
    ['2026-11-21T09:00:00', 'no zone'],
    ['2026-11-21T09:00Z', 'no seconds'],
    ['2026-11-21T09:00:00.Z', 'a fraction without digits'],
    ['2026-11-21T09:00:00,5Z', 'a comma'],
    ['2026-11-21T09:00:00+0100', 'an offset without a colon'],
    ['2026-11-21T09:00:00+01', 'an offset of hours only'],
    ['2026-11-21T09:00:00+24:00', 'an offset of 24 hours'],
    ['2026-11-21T09:00:00+00:60', 'an offset of 60 minutes'],
    ['2026-11-21T09:00:00\u221201:00', 'another minus'],
    ['20261121T090000Z', 'the basic format'],
    ['2026-02-30T00:00:00Z', '30 February'],
    ['2026-11-21T24:00:00Z', 'hour 24'],
    ['2026-11-21T09:00:61Z', 'second 61'],
    ['+12026-11-21T09:00:00Z', 'a year of five digits'],
    ['9999-12-31T23:59:59-01:00', 'after the year 9999 in UTC'],
    ['0000-01-01T00:00:00+01:00', 'before the year 0 in UTC'],
    [' 2026-11-21T09:00:00Z', 'a space before'],
    ['2026-11-21T09:00:00Z ', 'a space after'],
    ['2026-11-21T09:00:00Z\n', 'a line feed after'],
  ])('%j is refused: %s', (value) => {
    expect(parseTimeParameter(value)).toBeUndefined();
  });

  test('is written in whole seconds of UTC, as the published format is', () => {
    const instant = Date.parse('2026-11-21T09:00:00.999Z');
    expect(formatTimeParameter(instant, 'rfc3339')).toBe('2026-11-21T09:00:00Z');
    expect(formatTimeParameter(instant, 'published')).toBe('20261121090000');
  });
});
