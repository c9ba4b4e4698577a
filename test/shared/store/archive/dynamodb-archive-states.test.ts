import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ArchiveState } from '../../../../shared/archive/batch.ts';
import { dynamoDbArchiveStates } from '../../../../shared/store/archive/dynamodb-archive-states.ts';
import { startEmbeddedTable } from '../../../fixtures/embedded-table.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const { signal } = new AbortController();

let embedded: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  embedded = await startEmbeddedTable();
});
afterEach(() => embedded.faults.order(() => undefined));
afterAll(() => embedded.close());

let tables = 0;
let tableName: string;
const states = () => dynamoDbArchiveStates({ client: embedded.client, tableName });
beforeEach(async () => {
  tableName = `archive-${tables++}`;
  await embedded.createTable(tableName);
});

const cursorAt = (number: number) => ({
  epoch: 'the epoch',
  t: NOW,
  since: 0,
  positions: new Map([[2, { number, members: 1 }]]),
});
const STATE: ArchiveState = {
  cursor: cursorAt(3),
  batch: {
    from: { epoch: 'the epoch', since: 5, positions: new Map([[2, { number: 3, members: 1 }]]) },
    to: cursorAt(7),
    chosenAt: NOW,
    storedAfter: NOW - 1000,
    name: 'dt=2026-11-22/hr=12/a-name',
    form: { format: 'ocsf', ocsfVersion: '1.8.0', ocsfUser: { name: 'somebody' }, compression: 'zstd' },
    logs: 12,
    oldestAt: NOW - 500,
    gapSince: NOW - 900,
  },
};

describe('the state of the archive', () => {
  test('is empty before the first write, and then what was written', async () => {
    expect(await states().read(signal)).toEqual({ revision: 0 });
    expect(await states().replace(0, STATE, signal)).toBe(true);
    const { revision, cursor, batch } = await states().read(signal);
    expect({ revision, cursor }).toEqual({ revision: 1, cursor: STATE.cursor });
    expect(batch).toMatchObject({ ...STATE.batch, from: STATE.batch?.from });
    expect(await states().replace(1, { cursor: cursorAt(7) }, signal)).toBe(true);
    expect(await states().read(signal)).toEqual({ revision: 2, cursor: cursorAt(7) });
  });

  test('is replaced by one of several writers alone', async () => {
    for (const revision of [0, 1]) {
      const writes = [4, 5, 6].map((number) =>
        states().replace(revision, { cursor: cursorAt(number) }, signal),
      );
      expect((await Promise.all(writes)).filter((did) => did)).toHaveLength(1);
    }
    expect(await states().replace(0, STATE, signal)).toBe(false);
    expect((await states().read(signal)).revision).toBe(2);
  });

  test('is the error where it cannot be written', async () => {
    embedded.faults.order((operation) => (operation === 'PutItem' ? 'refuse' : undefined));
    await expect(states().replace(0, STATE, signal)).rejects.toThrow();
  });

  test('of a later release is refused', async () => {
    await states().replace(0, STATE, signal);
    await embedded.client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk: 'archive#state', sk: 'state' },
        UpdateExpression: 'SET v = :v',
        ExpressionAttributeValues: { ':v': 2 },
      }),
    );
    await expect(states().read(signal)).rejects.toThrow(
      'found the state of the archive of version 2, which this release cannot read; it reads 1',
    );
  });
});
