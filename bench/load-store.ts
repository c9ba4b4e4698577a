import { BatchWriteItemCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import pMap from 'p-map';
import type { IdentifiedLog } from '../shared/event/security-event.ts';
import type { Item } from '../shared/store/item-size.ts';
import { attributeValues } from './dynamodb-item.ts';
import { serviceItem } from './stored-items.ts';

/** Items in one `BatchWriteItem`. */
const BATCH = 25;

/** Puts the logs into the embedded store as the service would have, but without the bus, which would take longer. */
export async function loadStore(
  storeUrl: string,
  logs: Iterable<IdentifiedLog>,
  progress: (line: string) => void,
): Promise<void> {
  const client = new DynamoDBClient({
    endpoint: storeUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const { TableNames: [tableName = ''] = [] } = await client.send(new ListTablesCommand({}));
  const now = Date.now();
  let written = 0;
  await pMap(
    batches(logs),
    async (batch) => {
      const items: Item[] = await Promise.all(batch.map((log) => serviceItem(log, now)));
      const requests = items.map((item) => ({ PutRequest: { Item: attributeValues(item) } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
      written += batch.length;
      if (written % 20_000 === 0) progress(`${written} logs stored`);
    },
    { concurrency: 4 },
  );
  client.destroy();
}

function* batches(logs: Iterable<IdentifiedLog>): Generator<IdentifiedLog[]> {
  let batch: IdentifiedLog[] = [];
  for (const log of logs) {
    if (batch.push(log) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
