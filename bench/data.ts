import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { IdentifiedLog } from '../shared/event/security-event.ts';
import type { TimeWindow } from '../shared/query/time-window.ts';
import { logStore } from '../shared/store/log-store.ts';
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
const RETENTION_HOURS = 48;

/** A log as ingest keeps it, with an id as EventBridge gives one. */
export function* benchLogs(count: number): Generator<IdentifiedLog, void> {
  const logs = syntheticLogs({ seed: SEED, start: DATA_START, meanGap: MEAN_GAP });
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

/** An item in the plain values of the DocumentClient. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * The item the service stores, taken from what its store asks DynamoDB to put.
 *
 * @param createdAt epoch milliseconds
 */
export async function serviceItem(log: IdentifiedLog, createdAt = log.timestamp): Promise<Item> {
  let item: Item | undefined;
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof PutCommand) item = command.input.Item;
    return {};
  };
  const client = { send } as unknown as Parameters<typeof logStore>[0]['client'];
  const store = logStore({ client, tableName: TABLE_NAME, retentionHours: RETENTION_HOURS });
  await Promise.all(store.putAll([log], createdAt, new AbortController().signal).puts);
  if (item === undefined) throw new Error('the store has put nothing');
  return item;
}

/** The straightforward item: the same key, so that the comparison is of documents alone, and the log as a map. */
export async function mapItem(log: IdentifiedLog): Promise<Item> {
  const { pk, sk, createdAt, expiresAt } = await serviceItem(log);
  return { pk, sk, log: log.log, createdAt, expiresAt };
}

/** The item with the log as JSON text. */
export async function jsonItem(log: IdentifiedLog): Promise<Item> {
  return { ...(await mapItem(log)), log: JSON.stringify(log.log) };
}
