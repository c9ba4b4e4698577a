import { setTimeout } from 'node:timers/promises';
import type { EventAction } from '../../shared/event/actions.ts';
import { SECOND } from '../../shared/time.ts';
import { demoEvents } from '../demo/demo-events.ts';
import { publish, type TourStop } from './samples-tour.ts';

/** How long the events may take to be stored, milliseconds. */
const PATIENCE = 60_000;

/**
 * Publishes a realistic hour of sessions, and waits until it can be read.
 *
 * @param actions that the settings choose: others are not stored
 * @param seed the same seed gives the same hour
 * @throws Error if an entry is refused, or the events do not come back
 */
export async function publishDemo(
  stop: TourStop,
  actions: readonly EventAction[],
  seed: number,
  signal: AbortSignal,
): Promise<void> {
  const end = Date.now() - SECOND;
  const events = demoEvents(end, seed);
  await publish(stop, events);
  const expected = events.filter(({ detail }) => actions.includes(detail.event.action)).length;
  const [first] = events;
  const query = new URLSearchParams({
    start_time: first?.detail['@timestamp'] ?? '',
    end_time: new Date(end + 1).toISOString(),
  });
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const headers = { apiKey: stop.apiKey };
    const response = await fetch(`${stop.apiUrl}?${query}`, { method: 'HEAD', headers, signal });
    if (Number(response.headers.get('Number-Of-Results')) >= expected) break;
    if (Date.now() > deadline) throw new Error(`the ${expected} events of the demo did not come back`);
    await setTimeout(SECOND / 2, undefined, { signal });
  }
  stop.say(`\npublished an hour of sessions: ${events.length} events of made-up processes`);
}
