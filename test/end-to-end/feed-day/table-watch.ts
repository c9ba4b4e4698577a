import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { storeClient } from '../../../local/emulator/dynamodb/create-table.ts';
import { startExpirySweep } from '../../../local/emulator/dynamodb/expiry-sweep.ts';
import { partitionApplication, sortKeyId, sortKeyTimestamp } from '../../../shared/store/log-key.ts';
import { FEED_PARTITIONS, LOG_TABLE } from '../../../shared/store/log-table.ts';
import type { StoredLog } from './verdict.ts';

/** How often the table is read and swept, milliseconds: both far more often than a log's item lives. */
const SCAN_INTERVAL = 1000;
const SWEEP = { interval: 200, pageSize: 400 };

/**
 * Notes every log that is ever in the table, beside the service, and deletes what has expired as soon as it may be.
 *
 * @param storeUrl the store itself, where nothing fails
 */
export function watchTable(storeUrl: string, tableName: string) {
  const client = storeClient(storeUrl, 'us-east-1');
  const logs = new Map<string, StoredLog>();
  const changed: string[] = [];
  let slotsDeleted = 0;
  let slots = new Set<string>();

  const note = (item: Record<string, AttributeValue>, present: Set<string>): void => {
    const [partition = '', sort = ''] = [item[LOG_TABLE.partitionKey]?.S, item[LOG_TABLE.sortKey]?.S];
    if (partition.startsWith(FEED_PARTITIONS)) return void present.add(`${partition} ${sort}`);
    const createdAt = Number(item[LOG_TABLE.createdAt]?.N);
    const slot = item[LOG_TABLE.slot]?.S;
    const application = partitionApplication(partition);
    const [id, timestamp] = [sortKeyId(sort), sortKeyTimestamp(sort)];
    const name = `${application} ${sort} ${createdAt}`;
    const known = logs.get(name);
    if (known && known.slot !== slot) changed.push(`${name} was in slot ${known.slot}, and is in ${slot}`);
    logs.set(name, { application, id, timestamp, createdAt, slot });
  };

  /** Reads the whole table. */
  const scan = async (): Promise<void> => {
    const present = new Set<string>();
    let next: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey: next }),
      );
      for (const item of page.Items ?? []) note(item, present);
      next = page.LastEvaluatedKey;
    } while (next !== undefined);
    slotsDeleted += [...slots].filter((name) => !present.has(name)).length;
    slots = present;
  };

  let last: Promise<void> = Promise.resolve();
  const scanAfterTheLast = (): Promise<void> => {
    last = last.then(scan);
    return last;
  };
  const timer = setInterval(() => void scanAfterTheLast().catch(() => {}), SCAN_INTERVAL);
  const sweep = startExpirySweep({
    client,
    tableName,
    keyAttributes: [LOG_TABLE.partitionKey, LOG_TABLE.sortKey],
    attribute: LOG_TABLE.expiresAt,
    onError: () => {},
    ...SWEEP,
  });
  return {
    /** Every log that was ever seen. */
    logs: (): StoredLog[] => [...logs.values()],
    /** Logs whose slot has changed, in words: there must be none. */
    changed,
    /** How many items of the feed were deleted. */
    slotsDeleted: (): number => slotsDeleted,
    scan: scanAfterTheLast,
    async close(): Promise<void> {
      clearInterval(timer);
      sweep.close();
      await last.catch(() => {});
      client.destroy();
    },
  };
}
