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
