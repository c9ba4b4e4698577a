import { MEMORY, ROUND_TRIP } from './assumed.ts';
import { type Component, chunks, invocations, queue, sentAnswers } from './components.ts';
import { atBatchSize, IDLE_POLL_UNITS, LEAST_WINDOW_UNITS } from './measured.ts';
import type { Workload } from './workload.ts';

/** Assumed of a run: how often it looks at either way of reading, and how long it takes, seconds. */
const LOOKS = 4;
const SECONDS = 2;
/** infra/canary.ts, infra/canary-alarms.ts */
const FIXED = { alarms: 2, metrics: 3 };

/** What the canary adds: its function, its event, and its requests, each with the invocation that answers it. */
export function canary({ canaryMinutes, days, eventBytes }: Workload): Component[] {
  const runs = (days * 1440) / canaryMinutes;
  const looks = runs * LOOKS;
  const months = days / 30;
  const answering = (memory: number) => ({ count: looks, seconds: 2 * ROUND_TRIP, memory });
  return [
    ...invocations('canary', { count: runs, seconds: SECONDS, memory: MEMORY.canary }),
    { name: 'canary: events', price: 'busEvent', quantity: runs * chunks(eventBytes) },
    queue('canary: queue', runs, eventBytes, 1),
    { name: 'canary: writes', price: 'writeUnit', quantity: runs * atBatchSize(1).writeUnits },
    {
      name: 'canary: reads',
      price: 'readUnit',
      quantity: looks * (LEAST_WINDOW_UNITS + IDLE_POLL_UNITS),
    },
    ...invocations("canary's windows", answering(MEMORY.query)),
    ...invocations("canary's feed", answering(MEMORY.feed)),
    ...sentAnswers("canary's answers", { count: 2 * looks, bytes: 0 }),
    { name: 'canary: key', price: 'secretRequest', quantity: runs },
    { name: 'canary: alarms', price: 'alarm', quantity: FIXED.alarms * months },
    { name: 'canary: metrics', price: 'metric', quantity: FIXED.metrics * months },
  ];
}
