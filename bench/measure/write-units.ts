import { type Item, itemBytes, WRITE_UNIT } from '../../shared/store/item-size.ts';
import { benchLogs } from '../data.ts';
import type { Context, Measurement, Result } from '../measurement.ts';
import { recordingStore } from '../stored-items.ts';
import type { Row } from '../table.ts';

const LOGS = 10_000;
const BATCH_SIZES = [1, 10, 100];
/** How many users are active at a time: the fewer, the more the logs of a batch repeat each other. */
const SESSIONS = [400, 40, 10];

async function run({ size, progress }: Context): Promise<Result> {
  const rows: Row[] = [];
  for (const sessions of SESSIONS)
    for (const batch of BATCH_SIZES) {
      progress(`${sessions} sessions, batches of ${batch}`);
      rows.push(await measure(size(LOGS), batch, sessions));
    }
  return {
    rows,
    notes: [
      "counted by DynamoDB's published rules from what the store asks to put; the log's own unit is one of them",
      'beside the log: one update of the head for each batch, its intent and its seal',
      'intent bytes: the whole item, by log; UUIDs: the different ones of a batch, at 16 bytes, which no compression makes smaller',
    ],
  };
}

async function measure(count: number, batch: number, sessions: number): Promise<Row> {
  const { store } = recordingStore();
  const logs = [...benchLogs(count, sessions)];
  let units = 0;
  let intentBytes = 0;
  let uuids = 0;
  for (let i = 0; i < logs.length; i += batch) {
    const stored = await store(logs.slice(i, i + batch), Date.now());
    for (const item of [...stored.logs, ...stored.slots, ...stored.heads]) units += unitsOf(item);
    for (const item of stored.slots) {
      const { intent } = item as { intent?: Buffer };
      if (intent === undefined) continue;
      intentBytes += itemBytes(item);
      uuids += intent.readUInt16BE(1);
    }
  }
  return {
    'active sessions': sessions,
    batches: `of ${batch}`,
    'write units an event': Number((units / count).toFixed(3)),
    'intent bytes an event': intentBytes / count,
    'of them UUIDs': (16 * uuids) / count,
  };
}

const unitsOf = (item: Item): number => Math.ceil(itemBytes(item) / WRITE_UNIT);

export const writeUnits: Measurement = {
  name: 'write-units',
  title: '10. Write units an event, with the feed',
  run,
};
