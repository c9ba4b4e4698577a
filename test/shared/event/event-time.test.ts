import { describe, expect, test } from 'vitest';
import { parseEventTime } from '../../../shared/event/event-time.ts';

describe('the time of an event', () => {
  test.each([
    ['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000Z', 'no fraction'],
    ['2026-11-21T09:00:00.1Z', '2026-11-21T09:00:00.100Z', 'tenths'],
    [
      '2026-11-21T09:00:00.123999999Z',
      '2026-11-21T09:00:00.123Z',
      'nanoseconds are truncated, never rounded',
    ],
    ['2026-11-21T09:00:00,5Z', '2026-11-21T09:00:00.500Z', 'ISO 8601 allows a comma'],
    ['2026-11-21T09:00:00', '2026-11-21T09:00:00.000Z', 'no zone means UTC'],
    ['2026-11-21t09:00:00z', '2026-11-21T09:00:00.000Z', 'lower case, as RFC 3339 allows'],
    ['2026-11-21 09:00:00Z', '2026-11-21T09:00:00.000Z', 'a space, as RFC 3339 allows'],
    ['2026-11-21T09:00:00+05:30', '2026-11-21T03:30:00.000Z', 'east of Greenwich'],
    ['2026-11-21T09:00:00-0800', '2026-11-21T17:00:00.000Z', 'west, without a colon'],
    ['2026-11-21T09:00+01', '2026-11-21T08:00:00.000Z', 'no seconds, hours of zone only'],
    ['20261121T090000Z', '2026-11-21T09:00:00.000Z', 'the basic format'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z', 'a date alone'],
    ['20261121', '2026-11-21T00:00:00.000Z', 'a date alone in the basic format'],
    ['2026-11-21T09', '2026-11-21T09:00:00.000Z', 'hours alone'],
    ['2026-11-21T09:00:00.123456789+23:59', '2026-11-20T09:01:00.123Z', 'nine digits of fraction and a zone'],
    ['2026-11-21T09:00:00\u221201:00', '2026-11-21T10:00:00.000Z', 'the minus sign of ISO 8601'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z', 'second 60 counts as 59.999'],
    ['2016-12-31T23:59:60.7Z', '2016-12-31T23:59:59.999Z', 'second 60 with a fraction'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', 'the first instant'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999Z', 'the last instant'],
  ])('%s is %s: %s', (text, instant) => {
    expect(parseEventTime(text)).toBe(Date.parse(instant));
  });

  test.each([
    ['', 'empty'],
    ['yesterday', 'no time'],
    ['2026-02-30T00:00:00Z', '30 February'],
    ['2026-11-21T25:00:00Z', 'hour 25'],
    ['2026-11-21T09:60:00Z', 'minute 60'],
    ['2026-11-21T09:00:61Z', 'second 61'],
    ['2026-11-21T09:00:00+24:00', 'a zone of 24 hours'],
    ['1969-12-31T23:59:59.999Z', 'before 1970'],
    ['1970-01-01T00:30:00+01:00', 'before 1970 in UTC'],
    ['9999-12-31T23:59:59-01:00', 'after 9999 in UTC'],
    ['+12026-11-21T09:00:00Z', 'a year of five digits'],
    ['2026-1121T09:00:00Z', 'half a basic format'],
    ['1795244459999', 'epoch milliseconds'],
    ['2026-W47-6', 'a week date'],
    ['2026W476', 'a week date in the basic format'],
    ['2026-325', 'an ordinal date'],
    ['2026325', 'an ordinal date in the basic format'],
    ['2026-11', 'a month'],
    ['2026', 'a year'],
    ['2026-11-21T24:00:00Z', '24:00'],
    ['2026-11-21T24:00Z', '24:00 without seconds'],
    ['2026-11-21T09:00.5Z', 'a fraction of a minute'],
    ['2026-11-21T09.5Z', 'a fraction of an hour'],
    ['2026-11-21T09:00:00.1234567890Z', 'ten digits of fraction'],
    ['2026-11-21T09:00:00.Z', 'a point without a fraction'],
    ['+002026-11-21T09:00:00Z', 'an expanded year'],
    ['-002026-11-21T09:00:00Z', 'a negative year'],
    ['2026-11-21T', 'no time after the T'],
    ['2026-11-21T09:00:00 Z', 'a space before the zone'],
    [' 2026-11-21', 'a space before'],
    ['2026-11-21T09:00:00+01:60', '60 minutes of zone'],
  ])('%j is refused: %s', (text) => {
    expect(parseEventTime(text)).toBeUndefined();
  });
});
