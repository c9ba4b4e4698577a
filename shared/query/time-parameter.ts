import { formatQueryTime, formatRfc3339, parseQueryTime, parseRfc3339 } from './time-window.ts';

/** The forms in which a caller may write a time (docs/contract.md#reading-logs): `YYYYMMDDHHMMSS`, and RFC 3339. */
export type TimeFormat = 'published' | 'rfc3339';

export const TIME_FORMATS = 'YYYYMMDDHHMMSS in UTC, or an RFC 3339 time';

/** A time as a caller wrote it. */
export interface TimeParameter {
  /** Epoch milliseconds (negative before 1970). */
  readonly instant: number;
  /** Reads as the same instant: what was written, put right where it was read leniently. */
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

/** Writes an instant (epoch milliseconds, years 0 to 9999), leaving its milliseconds out. */
export const formatTimeParameter = (instant: number, format: TimeFormat): string =>
  format === 'published' ? formatQueryTime(instant) : formatRfc3339(instant);
