import { applicationOf, type ProducerSource } from '../../../shared/event/bus-events.ts';
import type { SecurityEventDetail } from '../../publisher/publish-security-events.ts';
import { syntheticLogs } from '../../synthetic-logs/synthetic-logs.ts';

/** How many users are active at a time. */
const SESSIONS = 50;

/**
 * Events as the users of a made-up customer cause them, each at the time when it is taken.
 *
 * @param now epoch milliseconds; the first also chooses the users
 */
export function* realisticEvents(
  source: ProducerSource,
  now: () => number,
): Generator<SecurityEventDetail, void, void> {
  const start = now();
  const logs = syntheticLogs({
    seed: start % 2 ** 31,
    start,
    sessions: SESSIONS,
    application: applicationOf(source),
  });
  for (const log of logs) yield { ...log, '@timestamp': new Date(now()).toISOString() };
}
