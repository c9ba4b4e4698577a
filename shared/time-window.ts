/**
 * Instants and half-open windows of time, in epoch milliseconds, and the two texts they are written in:
 * `YYYYMMDDHHMMSS` in a query (contract section 5) and ISO 8601 in an event (contract section 3).
 */

/** Logs from `from` (inclusive) until `until` (exclusive), epoch milliseconds. Empty where `until <= from`. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number;
}

export const SECOND = 1000;

/** 1970-01-01T00:00:00.000Z, the first instant a log can have, and the last: 9999-12-31T23:59:59.999Z. */
export const FIRST_INSTANT = 0;
export const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The latest whole second that is not after `instant` (epoch milliseconds). */
export const floorToSecond = (instant: number): number => Math.floor(instant / SECOND) * SECOND;

interface DateAndTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Epoch milliseconds of a UTC date and time, or undefined where there is no such date or time. */
function toEpoch({ year, month, day, hour, minute, second }: DateAndTime): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; setUTCFullYear takes them as they are.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second, 0);
}

const QUERY_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

/**
 * Reads a time of a query.
 *
 * @param value `YYYYMMDDHHMMSS`, UTC
 * @returns epoch milliseconds (negative before 1970), or undefined if it is not in the format or not a real date
 */
export function parseQueryTime(value: string): number | undefined {
  const match = QUERY_TIME.exec(value);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return toEpoch({ year, month, day, hour, minute, second });
}

/** Writes an instant (epoch milliseconds, years 0 to 9999) as `YYYYMMDDHHMMSS`, leaving its milliseconds out. */
export const formatQueryTime = (instant: number): string =>
  new Date(instant).toISOString().slice(0, 19).replace(/\D/g, '');

const TIME = String.raw`(?<hour>\d\d)(?::?(?<minute>\d\d)(?::?(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?)?`;
const ZONE = String.raw`(?<zone>[Zz]|(?<sign>[+\-\u2212])(?<zoneHour>\d\d)(?::?(?<zoneMinute>\d\d))?)?`;
const EVENT_TIME = new RegExp(
  String.raw`^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)(?:[Tt ]${TIME}${ZONE})?$`,
);

/**
 * Reads the time of an event (contract section 3): an ISO 8601 calendar date, with or without a time, in any
 * zone (none means UTC), with up to nanoseconds, which are truncated to milliseconds. Second 60 counts as 59.999.
 *
 * @returns epoch milliseconds, or undefined if it is not such a time or lies outside the years 1970 to 9999 (UTC)
 */
export function parseEventTime(value: string): number | undefined {
  const parts = EVENT_TIME.exec(value)?.groups;
  if (!parts) return undefined;
  const part = (name: string): number => Number(parts[name] ?? 0);
  const leap = part('second') === 60;
  const midnight = toEpoch({
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: 0,
    minute: 0,
    second: 0,
  });
  const [hour, minute, second] = [part('hour'), part('minute'), leap ? 59 : part('second')];
  if (midnight === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  if (part('zoneHour') > 23 || part('zoneMinute') > 59) return undefined;

  const millisecond = leap ? 999 : Number((parts['fraction'] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset =
    (part('zoneHour') * 60 + part('zoneMinute')) * 60 * SECOND * (parts['sign'] === '+' ? 1 : -1);
  const instant = midnight + ((hour * 60 + minute) * 60 + second) * SECOND + millisecond - offset;
  return instant >= FIRST_INSTANT && instant <= LAST_INSTANT ? instant : undefined;
}
