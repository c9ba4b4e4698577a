/** How times, spans and numbers are shown. */

export type Zone = 'utc' | 'local';

const two = (part: number): string => String(part).padStart(2, '0');

/** @returns `2026-11-21 09:00:00.123` */
export function formatTime(instant: number, zone: Zone): string {
  return `${formatDate(instant, zone)} ${formatClock(instant, zone)}`;
}

export function formatDate(instant: number, zone: Zone): string {
  return shifted(instant, zone).toISOString().slice(0, 10);
}

/** @returns `09:00:00.123` */
export function formatClock(instant: number, zone: Zone): string {
  return shifted(instant, zone).toISOString().slice(11, 23);
}

/** @returns the instant as a date whose UTC parts are those of the zone */
const shifted = (instant: number, zone: Zone): Date =>
  new Date(zone === 'utc' ? instant : instant - new Date(instant).getTimezoneOffset() * 60_000);

/** @returns a time for an input of the type `datetime-local`, to the second */
export const formatInput = (instant: number, zone: Zone): string =>
  shifted(instant, zone).toISOString().slice(0, 19);

/** @returns epoch milliseconds of what an input of the type `datetime-local` has, NaN if it has no time */
export const parseInput = (text: string, zone: Zone): number =>
  Date.parse(zone === 'utc' ? `${text}Z` : text);

/** @returns `850 ms`, `2.5 s`, `3 min 4 s`, `2 h 5 min`, `1 d 3 h` */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

const numbers = new Intl.NumberFormat('en');
export const formatCount = (count: number): string => numbers.format(count);

/** @returns `1 log`, `2 logs` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

export const formatBytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;

export const formatHour = (instant: number, zone: Zone): string =>
  `${two(shifted(instant, zone).getUTCHours())}:${two(shifted(instant, zone).getUTCMinutes())}`;

/** @returns the name of an action without the beginning that four of the nine have in common */
export const shortAction = (action: string): string => action.replace(/^CheckAuthResponse/, '…');
