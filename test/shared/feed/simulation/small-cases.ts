import { HOUR, SECOND } from '../../../../shared/time.ts';
import type { Actor, Scenario } from './scenario.ts';

/** The small cases whose interleavings are all explored. */

const ingest = (name: string, events: string, at = 0): Actor => ({ kind: 'ingest', name, events, at });
const resolve = (name: string, at = 1): Actor => ({ kind: 'resolve', name, at });
const oldest = { name: 'consumer', start: { kind: 'oldest' }, limit: 1 } as const;
const fromNow = { name: 'consumer from now', start: { kind: 'now' }, limit: 5 } as const;
const poll = (consumer: typeof oldest | typeof fromNow, at = 0): Actor => ({ kind: 'poll', consumer, at });

const LATER = [{ advance: 15 * SECOND }];

export const SMALL_CASES: readonly Scenario[] = [
  {
    name: 'a batch with a copy, a crash and a lost answer',
    actors: [ingest('w1', 'aba')],
    failures: 2,
    crashes: 1,
  },
  {
    name: 'two writers with a copy, and a crash',
    actors: [ingest('w1', 'ab'), ingest('w2', 'a')],
    crashes: 1,
  },
  {
    name: 'two writers with a copy, and a lost answer',
    actors: [ingest('w1', 'a'), ingest('w2', 'a')],
    failures: 1,
  },
  {
    name: 'three writers of one event',
    actors: [ingest('w1', 'a'), ingest('w2', 'a'), ingest('w3', 'a')],
    announces: false,
  },
  {
    name: 'a writer and a helper, a crash and a lost answer',
    actors: [ingest('w1', 'a'), resolve('h1')],
    times: LATER,
    failures: 1,
    crashes: 1,
  },
  {
    name: 'two writers and a helper',
    actors: [ingest('w1', 'a'), ingest('w2', 'a'), resolve('h1')],
    times: LATER,
  },
  {
    name: 'a writer and two helpers',
    actors: [ingest('w1', 'a'), resolve('h1'), resolve('h2')],
    times: LATER,
    crashes: 1,
  },
  {
    name: 'two writers and a consumer',
    actors: [ingest('w1', 'a'), ingest('w2', 'a'), poll(oldest)],
    announces: false,
  },
  {
    name: 'two writers and a consumer from now',
    actors: [ingest('w1', 'a'), ingest('w2', 'b'), poll(fromNow)],
    announces: false,
  },
  {
    name: 'two writers and a consumer that reads stale states',
    actors: [ingest('w1', 'a'), ingest('w2', 'a', 1), poll(oldest, 1)],
    times: [{ advance: SECOND }],
    announces: false,
    staleReads: 1,
  },
  {
    name: 'a consumer that was away while items expire out of order',
    actors: [ingest('w1', 'a'), poll(oldest), poll(oldest, 1)],
    times: [{ advance: 55 * HOUR }],
    expiry: true,
    crashes: 1,
  },
];
