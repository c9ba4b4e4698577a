import { instantOf, isBetween, LAST_INSTANT, toEpoch } from '../time.ts';

/**
 * Half-open windows of time, and the two formats in which a query writes its times: `YYYYMMDDHHMMSS` and RFC 3339
 * (docs/contract.md#reading-logs).
 */

/** Logs from `from` (inclusive) until `until` (exclusive), epoch milliseconds. Empty if `until <= from`. */
export interface TimeWindow {
  readonly from: number;
  readonly until: number;
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

/** Writes an instant (epoch milliseconds, years 0 to 9999) as `YYYYMMDDHHMMSS`, without its milliseconds. */
export const formatQueryTime = (instant: number): string =>
  new Date(instant).toISOString().slice(0, 19).replace(/\D/g, '');

/** A space is taken as the `+` of an offset: decoding a query string turns `+` into a space. */
const RFC_3339_TIME =
  /^(?<date>(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d))[Tt ](?<time>(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d))(?:\.(?<fraction>\d+))?(?:[Zz]|(?<sign>[+\- ])(?<zone>(?<zoneHour>\d\d):(?<zoneMinute>\d\d)))$/;

const YEAR_0 = Date.parse('0000-01-01T00:00:00Z');

/**
 * Reads an RFC 3339 time, with or without a fraction, which is truncated to milliseconds. A space may stand for the `T`
 * (RFC 3339, 5.6) and for the `+` of an offset. Second 60 counts as 59.999, as it does in an event.
 *
 * @returns epoch milliseconds, and the time in strict RFC 3339, truncated to milliseconds: it reads as the same instant.
 *   Undefined if the value is not such a time or lies outside the years 0 to 9999 (UTC)
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

/** Writes an instant (epoch milliseconds, years 0 to 9999) as RFC 3339 in UTC, without its milliseconds. */
export const formatRfc3339 = (instant: number): string => `${new Date(instant).toISOString().slice(0, 19)}Z`;
