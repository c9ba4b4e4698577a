import { HttpError } from '../../shared/http-errors.ts';
import { SECOND } from '../../shared/time.ts';

/** The errors of a valid query that cannot be answered in time (docs/contract.md#reading-logs). All are 408. */

/** The window holds too much for one answer. */
export const windowTooLarge = (next_end_time: string): HttpError =>
  new HttpError(
    'window_too_large',
    `the window holds more than one answer can carry in time; ask again with end_time=${next_end_time}`,
    { next_end_time },
  );

/** The window holds more than the store gave in time. */
export const windowReadTooSlowly = (next_end_time: string): HttpError =>
  new HttpError(
    'window_too_large',
    `the window holds more than could be read in time; ask again with end_time=${next_end_time}`,
    { next_end_time },
  );

/** @param from the start of the window */
export const secondTooLarge = (from: string): HttpError =>
  new HttpError(
    'second_too_large',
    `the second that begins at ${from} alone holds more than one answer can carry in time; ` +
      'ask for a compressed answer with Accept-Encoding, or for one app_type at a time',
  );

/**
 * Not even the first second could be read in time.
 *
 * @param from the start of the window
 * @param lessToRead what the caller can ask for that is less to read
 */
export const storeTooSlow = (from: string, lessToRead: readonly string[]): HttpError =>
  new HttpError(
    'read_too_slow',
    `the second that begins at ${from} could not be read in time, because the store is slow or throttles; ` +
      ['ask again in a while', ...lessToRead].join(', or '),
  );

/** @param timeLeft what was left when the function began to read, milliseconds; zero or less if nothing was */
export const startedTooLate = (timeLeft: number): HttpError =>
  new HttpError(
    'read_too_slow',
    `${timeLeft <= 0 ? 'no time was' : `only ${timeLeft / SECOND} seconds were`} left to read the logs when the request reached the function: ` +
      'it had waited for other requests, or clocks differ; ask again',
  );
