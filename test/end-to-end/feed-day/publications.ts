import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import { APPLICATIONS, type Application } from '../../../shared/event/bus-events.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Random } from './random.ts';

/** An entry of `PutEvents`. */
export interface Publication {
  /** When it is published, milliseconds from the day's start. */
  readonly at: number;
  readonly application: Application;
  /** `event.id`. Copies have the id and the time of their original. */
  readonly id: string;
  readonly action: string;
  /** How long before the day's start it occurred, milliseconds; negative for later. */
  readonly age: number;
}

/** How many of the events come again, and how much later a copy comes at most. */
const COPIES = 0.2;
const LATEST_COPY = 5 * SECOND;
/** Events of a burst: more than a batch of the ingest function. */
const BURST = 150;
/** How far the events of a burst are from the boundary, milliseconds. */
const BURST_SPREAD = 20;

/**
 * Events of both applications, in the order in which they are published: late by seconds, by minutes and by hours;
 * two bursts around a boundary; and copies.
 */
export function publications(random: Random, count: number, end: number): Publication[] {
  const originals = Array.from({ length: count }, (_, i): Publication => {
    const burst = Math.floor(i / BURST) < 2 ? Math.floor(i / BURST) : undefined;
    const at = burst === undefined ? random.between(0, end) : end * (burst === 0 ? 0.3 : 0.7);
    return {
      at,
      application: random.pick(APPLICATIONS),
      // Some ids are texts, and some are UUIDs, which are encoded in another way.
      id: random.chance(0.5) ? `event ${i}` : `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      action: random.pick(EVENT_ACTIONS),
      age: burst === undefined ? lateness(random) - Math.round(at) : burst * HOUR + spread(random),
    };
  });
  const copies = originals.flatMap((original): Publication[] => {
    if (!random.chance(COPIES)) return [];
    const delays = random.pick([[0], [random.between(0, LATEST_COPY)], [0, random.between(0, LATEST_COPY)]]);
    return delays.map((delay) => ({ ...original, at: Math.min(end, original.at + delay) }));
  });
  return [...originals, ...copies].toSorted((a, b) => a.at - b.at);
}

/** The bursts are around the day's start, and around the hour before: run-day.ts begins a day on a boundary. */
const spread = (random: Random): number => random.whole(-BURST_SPREAD, BURST_SPREAD);

function lateness(random: Random): number {
  const kind = random.next();
  if (kind < 0.7) return Math.round(random.between(0, 5 * SECOND));
  if (kind < 0.85) return Math.round(random.between(0, 2 * MINUTE));
  return Math.round(random.between(0, 30 * HOUR));
}
