/** Spans of time in milliseconds, instants in epoch milliseconds, and what every time format has in common. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** 1970-01-01T00:00:00.000Z: the first instant that a log can have. */
export const FIRST_INSTANT = 0;
/** 9999-12-31T23:59:59.999Z: the last instant that a log can have. */
export const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The latest whole second that is not after `instant` (epoch milliseconds). */
export const floorToSecond = (instant: number): number => Math.floor(instant / SECOND) * SECOND;

/** Whether there is an instant, and it lies between `first` and `last`, both inclusive. */
export const isBetween = (first: number, instant: number | undefined, last: number): instant is number =>
  instant !== undefined && instant >= first && instant <= last;

interface DateAndTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Epoch milliseconds of a UTC date and time, or undefined if there is no such date or time. */
export function toEpoch({ year, month, day, hour, minute, second }: DateAndTime): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; setUTCFullYear takes them as they are.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour, minute, second, 0);
}

/**
 * The instant that the parts of a time mean. Second 60 counts as 59.999; digits of the fraction after the third are
 * truncated.
 *
 * @param parts `year`, `month`, `day`, `hour`, `minute`, `second`, `fraction`, `sign` (of the offset), `zoneHour` and
 *   `zoneMinute`, each in digits; a part that is missing counts as 0
 * @returns epoch milliseconds, or undefined if there are no parts, or no such date or time
 */
export function instantOf(
  parts: Readonly<Record<string, string | undefined>> | undefined,
): number | undefined {
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
  const offset = part('zoneHour') * HOUR + part('zoneMinute') * MINUTE;
  return wholeSecond + millisecond - (parts['sign'] === '+' ? offset : -offset);
}
