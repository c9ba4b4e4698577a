import { FEED_SHARDS } from '../../shared/feed/write-batch.ts';
import { SHARD_COUNT } from '../../shared/store/shards.ts';
import { BUS_INVOCATIONS, NEW_TABLE_WRITES, TABLE_WRITES } from './quotas.ts';
import type { Scenario } from './simulate.ts';

/** What docs/scaling.md shows, and the numbers that an own scenario begins with. */

export type Setup = Omit<Scenario, 'seed'>;

/** The service as it is deployed, on a new table, in a large region. */
export const AS_DEPLOYED: Setup = {
  rate: 1000,
  minutes: 60,
  playerShare: 0.8,
  shards: SHARD_COUNT,
  feedShards: FEED_SHARDS,
  concurrency: 50,
  warmWrites: NEW_TABLE_WRITES,
  mostWrites: TABLE_WRITES,
  invocations: BUS_INVOCATIONS,
};

const WARM = { warmWrites: TABLE_WRITES };
/** More than 40,000 write units need a raised quota of the table, more than 18,750 events one of the bus. */
const RAISED = { mostWrites: 200_000, invocations: 100_000 };

const scenario = (changes: Partial<Setup>): Setup => ({ ...AS_DEPLOYED, ...changes });

/** By the name of the table in docs/scaling.md. */
export const GROUPS: Readonly<Record<string, readonly Setup[]>> = {
  rates: [
    scenario({ rate: 10 }),
    scenario({ rate: 10, ...WARM }),
    scenario({ rate: 1000 }),
    scenario({ rate: 1000, ...WARM }),
    scenario({ rate: 4000 }),
    scenario({ rate: 4000, ...WARM }),
    scenario({ rate: 8000 }),
    scenario({ rate: 8000, ...WARM }),
    scenario({ rate: 8000, ...WARM, shards: 32, feedShards: 12 }),
    scenario({ rate: 50_000 }),
    scenario({ rate: 50_000, ...WARM }),
    scenario({ rate: 50_000, ...RAISED, warmWrites: 160_000, shards: 128, feedShards: 48 }),
  ],
  concurrency: [5, 10, 25, 50, 100].map((concurrency) =>
    scenario({ rate: 8000, ...WARM, shards: 32, feedShards: 12, concurrency, minutes: 20 }),
  ),
  warm: [4000, 10_000, 20_000, 40_000].map((warmWrites) => scenario({ rate: 4000, warmWrites })),
};
