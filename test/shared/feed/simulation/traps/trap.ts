import { SECOND } from '../../../../../shared/time.ts';
import type { ConsumerOptions } from '../consumer.ts';
import type { Mutation } from '../mutant-hooks.ts';
import type { Actor, Scenario, Script } from '../scenario.ts';

/**
 * What would break the feed: each trap is a change of the source, and a small case in which the simulation finds what goes
 * wrong. `npm run feed-traps` writes the table of docs/feed.md from it.
 */
export interface Trap extends Mutation {
  readonly name: string;
  /** What goes wrong, for the table. */
  readonly consequence: string;
  readonly scenario: Omit<Scenario, 'name'>;
}

export const WRITE = 'shared/feed/write-batch.ts';
export const RESOLVE = 'shared/feed/resolve.ts';
export const SHARD_READER = 'shared/feed/shard-reader.ts';
export const OPEN_SLOT = 'shared/feed/open-slot.ts';
export const BEGIN = 'shared/feed/begin-reading.ts';
export const FIND = 'shared/feed/find-position.ts';
export const LIFETIMES = 'shared/feed/lifetimes.ts';
export const READ = 'shared/feed/read-feed.ts';

export const ingest = (
  name: string,
  events: string,
  at = 0,
  script: Script & { skew?: number } = {},
): Actor => ({
  kind: 'ingest',
  name,
  events,
  at,
  ...script,
});
export const resolve = (name: string, at = 1): Actor => ({ kind: 'resolve', name, at });
export const poll = (consumer: ConsumerOptions, at = 0): Actor => ({ kind: 'poll', consumer, at });
export const OLDEST: ConsumerOptions = { name: 'consumer', start: { kind: 'oldest' }, limit: 5 };
export const ONE_BY_ONE: ConsumerOptions = { ...OLDEST, limit: 1 };
export const FROM_NOW: ConsumerOptions = { name: 'consumer', start: { kind: 'now' }, limit: 5 };

export const LATER = [{ advance: 15 * SECOND }];
export const COPIES = [ingest('w1', 'a'), ingest('w2', 'a')];
export const TWO_AND_HELPER = {
  actors: [ingest('w1', 'a'), ingest('w2', 'b'), resolve('h1')],
  times: LATER,
  announces: false,
};
export const WITH_HELPER = { actors: [ingest('w1', 'a'), resolve('h1')], times: LATER };
