import { FIRST_INSTANT, instantOf, isBetween, LAST_INSTANT } from '../time.ts';

/** The time of an event, as a producer writes it (docs/contract.md#publishing-an-event). */

const TIME = String.raw`(?<hour>\d\d)(?::?(?<minute>\d\d)(?::?(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?)?`;
const ZONE = String.raw`(?<zone>[Zz]|(?<sign>[+\-\u2212])(?<zoneHour>\d\d)(?::?(?<zoneMinute>\d\d))?)?`;
const EVENT_TIME = new RegExp(
  String.raw`^(?<year>\d{4})(?<dash>-?)(?<month>\d\d)\k<dash>(?<day>\d\d)(?:[Tt ]${TIME}${ZONE})?$`,
);

/**
 * Reads the time of an event (docs/contract.md#publishing-an-event): an ISO 8601 calendar date, with or without a time,
 * in any zone (UTC if it names none), with up to nanoseconds, which are truncated to milliseconds. Second 60 counts as
 * 59.999.
 *
 * @returns epoch milliseconds, or undefined if it is not such a time or lies outside the years 1970 to 9999 (UTC)
 */
export function parseEventTime(value: string): number | undefined {
  const instant = instantOf(EVENT_TIME.exec(value)?.groups);
  return isBetween(FIRST_INSTANT, instant, LAST_INSTANT) ? instant : undefined;
}
