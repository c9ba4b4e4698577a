import { formatQueryTime, formatRfc3339, parseQueryTime, parseRfc3339 } from './time-window.ts';

/** The formats in which a caller may write a time (docs/contract.md#reading-logs): `YYYYMMDDHHMMSS`, and RFC 3339. */
export type TimeFormat = 'published' | 'rfc3339';

export const TIME_FORMATS = 'YYYYMMDDHHMMSS in UTC, or an RFC 3339 time';

/** A time that a caller wrote. */
export interface TimeParameter {
  /** Epoch milliseconds (negative before 1970). */
  readonly instant: number;
  /** The text of the caller, corrected if it was read leniently; it reads as the same instant. */
  readonly text: string;
  readonly format: TimeFormat;
}

/** @returns undefined if the value is in no format, or not a real date and time */
export function parseTimeParameter(value: string): TimeParameter | undefined {
  const instant = parseQueryTime(value);
  if (instant !== undefined) return { instant, text: value, format: 'published' };
  const time = parseRfc3339(value);
  return time && { ...time, format: 'rfc3339' };
}

/** Writes an instant (epoch milliseconds, years 0 to 9999) without its milliseconds. */
export const formatTimeParameter = (instant: number, format: TimeFormat): string =>
  format === 'published' ? formatQueryTime(instant) : formatRfc3339(instant);

const LEAP_YEAR = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const SHORT_MONTHS = '(?:0[469]|11)';
const LONG_MONTHS = '(?:0[13578]|1[02])';
/** The dates that there are. */
/** A pattern of every real date, with `dash` between its parts. */
export const datePattern = (dash: string): string => {
  const days = [
    `${LONG_MONTHS}${dash}(?:0[1-9]|[12][0-9]|3[01])`,
    `${SHORT_MONTHS}${dash}(?:0[1-9]|[12][0-9]|30)`,
    `02${dash}(?:0[1-9]|1[0-9]|2[0-8])`,
  ];
  return `(?:[0-9]{4}${dash}(?:${days.join('|')})|${LEAP_YEAR}${dash}02${dash}29)`;
};
const hourAndMinute = (colon: string): string => `(?:[01][0-9]|2[0-3])${colon}[0-5][0-9]`;

/**
 * The same in a JSON Schema: it accepts what `parseTimeParameter` can read, and a few hours more. Those are on the first day of
 * the year 0 and on the last day of the year 9999, where an offset leads out of these years.
 */
export const TIME_SCHEMA = {
  type: 'string',
  anyOf: [
    { title: 'YYYYMMDDHHMMSS', pattern: `^${datePattern('')}${hourAndMinute('')}[0-5][0-9]$` },
    {
      title: 'RFC 3339',
      pattern: `^${datePattern('-')}[Tt ]${hourAndMinute(':')}:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?(?:[Zz]|[+ -]${hourAndMinute(':')})$`,
    },
  ],
} as const;
