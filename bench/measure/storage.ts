import type { IdentifiedLog } from '../../shared/event/security-event.ts';
import { type Item, itemBytes, READ_UNIT, WRITE_UNIT } from '../../shared/store/item-size.ts';
import { benchLogs } from '../data.ts';
import { type Context, type Measurement, type Result, ratio } from '../measurement.ts';
import { jsonItem, mapItem, serviceItem } from '../stored-items.ts';

const LOGS = 20_000;

const WAYS = { 'this service': serviceItem, 'a map': mapItem, 'a JSON string': jsonItem };

async function run({ size, progress }: Context): Promise<Result> {
  const count = size(LOGS);
  const measured: Array<{ way: string; bytes: number; writes: number; most: number }> = [];
  for (const [way, toItem] of Object.entries(WAYS)) {
    progress(way);
    measured.push({ way, ...(await sizes(count, toItem)) });
  }
  const ours = measured[0]?.bytes ?? 0;
  return {
    rows: measured.map(({ way, bytes, writes, most }) => ({
      way,
      'bytes a log': bytes / count,
      largest: most,
      'write units a log': Number((writes / count).toFixed(4)),
      'read units a log': Number((bytes / count / READ_UNIT).toFixed(4)),
      'against ours': ratio(bytes, ours),
    })),
    notes: [
      `${count} logs; whole items with keys and names, counted by DynamoDB's published rules, not billed by it`,
      'read units strongly consistent, as the service reads; DynamoDB rounds up a page of 1 MB to 4 KB, ' +
        'not an item (part 8)',
    ],
  };
}

async function sizes(count: number, toItem: (log: IdentifiedLog) => Promise<Item>) {
  let bytes = 0;
  let writes = 0;
  let most = 0;
  for (const log of benchLogs(count)) {
    const size = itemBytes(await toItem(log));
    bytes += size;
    writes += Math.ceil(size / WRITE_UNIT);
    most = Math.max(most, size);
  }
  return { bytes, writes, most };
}

export const storage: Measurement = {
  name: 'storage',
  title: '3. What DynamoDB keeps and charges',
  run,
};
