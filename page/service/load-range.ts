import { MINUTE, SECOND } from '../../shared/time.ts';
import { ServiceError } from './ask.ts';

/** The first window is short, so that the first rows come soon. Milliseconds. */
const FIRST_SPAN = 5 * MINUTE;
/** How many logs a window should have: enough that few requests do, and few enough that little is lost with a cut answer. */
const GOOD_RESULTS = 25_000;
/** How often in a row one window may fail. */
const MOST_FAILURES = 4;

/** Half-open, epoch milliseconds. */
export interface Range {
  readonly from: number;
  readonly until: number;
}

/** Why loading goes on otherwise than planned. */
export type Obstacle =
  | { readonly kind: 'smaller-windows' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'waiting'; readonly code: string; readonly milliseconds: number };

export interface Loading {
  /** Reads one window, newest first. It takes back what it has taken if it fails. */
  readWindow(window: Range): Promise<{ readonly results: number; readonly isFull: boolean }>;
  /** Everything from this time on is loaded. */
  onLoaded(from: number): void;
  onObstacle(obstacle: Obstacle): void;
  wait(milliseconds: number): Promise<void>;
}

/**
 * Loads a range window by window, the newest first (docs/page.md#loading). A window that is too large is divided, one
 * that was cut is asked for again, and a request that was refused because there are too many waits.
 *
 * @returns from where on the logs are loaded, epoch milliseconds: later than `from` if there is no room for more
 * @throws ServiceError if it cannot go on
 */
export async function loadRange({ from, until }: Range, loading: Loading): Promise<number> {
  let end = until;
  let span = FIRST_SPAN;
  let failures = 0;
  while (end > from) {
    const start = Math.max(from, end - span);
    try {
      const { results, isFull } = await loading.readWindow({ from: start, until: end });
      failures = 0;
      end = start;
      loading.onLoaded(end);
      if (isFull) return end;
      if (results < GOOD_RESULTS / 4) span *= 4;
      else if (results > GOOD_RESULTS * 2) span = Math.max(SECOND, span / 2);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failures += 1;
      if (failures > MOST_FAILURES || !isWorthRepeating(error)) throw error;
      span = await spanAfter(error, { from: start, until: end }, loading);
    }
  }
  return from;
}

const isWorthRepeating = ({ status, code }: ServiceError): boolean =>
  code === 'cut' ||
  code === 'unreachable' ||
  code === 'window_too_large' ||
  code === 'read_too_slow' ||
  [429, 502, 503, 504].includes(status);

/** @returns how long the next window should be, milliseconds, once it may be asked for */
async function spanAfter(error: ServiceError, { from, until }: Range, loading: Loading): Promise<number> {
  const half = Math.max(SECOND, Math.floor((until - from) / 2));
  if (error.code === 'window_too_large' || error.code === 'read_too_slow' || error.status === 504) {
    loading.onObstacle({ kind: 'smaller-windows' });
    const fitting = (error.nextEndTime ?? Number.NaN) - from;
    return fitting >= SECOND && fitting < until - from ? fitting : half;
  }
  if (error.code === 'cut') {
    loading.onObstacle({ kind: 'cut' });
    return half;
  }
  loading.onObstacle({ kind: 'waiting', code: error.code, milliseconds: error.retryAfter });
  await loading.wait(error.retryAfter);
  return until - from;
}
