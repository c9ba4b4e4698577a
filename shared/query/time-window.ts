/**
 * Instants and half-open windows of time, in epoch milliseconds, and the texts they are written in: in a query
 * `YYYYMMDDHHMMSS` or RFC 3339 (docs/contract.md, "Reading logs"), in an event ISO 8601 ("Publishing an event").
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
 * Reads a time of a query in the published format.
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
 * Reads the time of an event (docs/contract.md, "Publishing an event"): an ISO 8601 calendar date, with or without a
 * time, in any zone (none means UTC), with up to nanoseconds, which are truncated to milliseconds. Second 60 counts as
 * 59.999.
 *
 * @returns epoch milliseconds, or undefined if it is not such a time or lies outside the years 1970 to 9999 (UTC)
 */
export function parseEventTime(value: string): number | undefined {
  const instant = instantOf(EVENT_TIME.exec(value)?.groups);
  return isBetween(FIRST_INSTANT, instant, LAST_INSTANT) ? instant : undefined;
}

/** `+` belongs where a space is taken: decoding a query string makes a space of it. */
const RFC_3339_TIME =
  /^(?<date>(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d))[Tt ](?<time>(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d))(?:\.(?<fraction>\d+))?(?:[Zz]|(?<sign>[+\- ])(?<zone>(?<zoneHour>\d\d):(?<zoneMinute>\d\d)))$/;

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');

/**
 * Reads an RFC 3339 time: with or without a fraction, of which what is finer than a millisecond is truncated; a space
 * may stand for the `T` (RFC 3339, 5.6) and for the `+` of an offset. Second 60 counts as 59.999, as in an event.
 *
 * @returns epoch milliseconds, and the text it is written with, put right and truncated: it reads as the same instant.
 *   Undefined if it is not such a time or lies outside the years 0 to 9999 (UTC)
 */
export function parseRfc3339(value: string): { instant: number; text: string } | undefined {
  const parts = RFC_3339_TIME.exec(value)?.groups;
  if (!parts) return undefined;
  const sign = parts['sign'] === ' ' ? '+' : parts['sign'];
  const instant = instantOf({ ...parts, sign });
  if (!isBetween(YEAR_0, instant, LAST_INSTANT)) return undefined;
  const fraction = parts['fraction'] === undefined ? '' : `.${parts['fraction'].slice(0, 3)}`;
  const zone = sign === undefined ? 'Z' : sign + parts['zone'];
  return { instant, text: `${parts['date']}T${parts['time']}${fraction}${zone}` };
}

/** Writes an instant (epoch milliseconds, years 0 to 9999) as RFC 3339 in UTC, leaving its milliseconds out. */
export const formatRfc3339 = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;

const isBetween = (first: number, instant: number | undefined, last: number): instant is number =>
  instant !== undefined && instant >= first && instant <= last;

/** The instant of a time's parts, as the expressions above name them; undefined where there is no such date or time. */
function instantOf(parts: Readonly<Record<string, string | undefined>> | undefined): number | undefined {
  if (!parts) return undefined;
  const part = (name: string): number => Number(parts[name] ?? 0);
  const leap = part('second') === 60;
  const wholeSecond = toEpoch({
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: leap ? 59 : part('second'),
  });
  if (wholeSecond === undefined || part('zoneHour') > 23 || part('zoneMinute') > 59) return undefined;
  const millisecond = leap ? 999 : Number((parts['fraction'] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset =
    (part('zoneHour') * 60 + part('zoneMinute')) * 60 * SECOND * (parts['sign'] === '+' ? 1 : -1);
  return wholeSecond + millisecond - offset;
}
