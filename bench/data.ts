import { createHash } from 'node:crypto';
import type { IdentifiedLog } from '../shared/event/security-event.ts';
import type { TimeWindow } from '../shared/query/time-window.ts';
import { SECOND } from '../shared/time.ts';
import { syntheticLogs } from '../tools/synthetic-logs/synthetic-logs.ts';

/** The logs every part of the benchmark works on, and what is stored of them. The same in every process. */

export const DATA_START = Date.UTC(2026, 10, 21, 9);
const SEED = 20261121;
/** The mean time between two logs, milliseconds. */
const MEAN_GAP = 4;

/** How many logs differ in the table that parts share: enough for all but growth (and part 1 at its full length). */
export const DISTINCT_LOGS = 120_000;

/** As long as AWS makes it: a name's bytes count in the read units, hardly a table's. */
export const TABLE_NAME = 'SecurityLogs-bench';

/** How many users are active at a time. */
export const SESSIONS = 400;

/** A log as ingest keeps it, with an id as EventBridge gives one. */
export function* benchLogs(count: number, sessions = SESSIONS): Generator<IdentifiedLog, void> {
  const logs = syntheticLogs({ seed: SEED, start: DATA_START, meanGap: MEAN_GAP, sessions });
  for (let i = 0; i < count; i++) {
    const log = logs.next().value;
    yield { application: 'player', timestamp: Date.parse(log['@timestamp']), id: eventId(i), log };
  }
}

/**
 * A window of whole seconds that holds about the first `count` logs.
 *
 * @param gap the mean time between two logs, milliseconds
 */
export const windowOf = (count: number, gap = MEAN_GAP): TimeWindow => ({
  from: DATA_START,
  until: DATA_START + Math.ceil((count * gap) / SECOND) * SECOND,
});

/** The same for the same number, in the form of a UUID. */
function eventId(i: number): string {
  const hex = createHash('sha256').update(String(i)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
