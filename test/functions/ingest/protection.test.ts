import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ingest } from '../../../functions/ingest/ingest.ts';
import { protection } from '../../../functions/ingest/protection.ts';
import type { Announcement } from '../../../functions/ingest/publisher.ts';
import type { Outcome } from '../../../functions/ingest/report.ts';
import { decodeIntent } from '../../../shared/feed/intent-codec.ts';
import { decodeDocument } from '../../../shared/log/document-codec.ts';
import { LogFields } from '../../../shared/log/log-fields.ts';
import { HASHABLE_FIELDS, type PersonalData } from '../../../shared/log/personal-data.ts';
import { FEED_ITEM } from '../../../shared/store/feed/feed-items.ts';
import { logStore } from '../../../shared/store/log-store.ts';
import { LOG_TABLE } from '../../../shared/store/log-table.ts';
import { MINUTE } from '../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { FULL_LOG } from '../../fixtures/full-log.ts';

/** Ingest with a real store: what reaches the table and the bus where fields are dropped or hashed. */

const START = Date.UTC(2026, 10, 21, 9);
const NO_FIELD: PersonalData = { drop: [], hash: [] };
const ALL_HASHED: PersonalData = { drop: ['user_agent.os.is_mobile_device'], hash: HASHABLE_FIELDS };
const { signal } = new AbortController();

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable();
});
afterAll(() => table.close());

let key: string | undefined | Error;
let reads: number;
let now: number;
beforeEach(() => {
  key = 'a key of the test that is long enough for it';
  reads = 0;
  now = START;
});
const readKey = async (): Promise<string | undefined> => {
  reads += 1;
  if (key instanceof Error) throw key;
  return key;
};

/** @returns what ingests events with these ids, and what it announced and reported */
function start(personalData: PersonalData) {
  const announced: Announcement[] = [];
  const outcomes: Outcome[] = [];
  const handle = ingest({
    store: logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 }),
    openPublisher: () => ({
      publish: async (announcement) => void announced.push(announcement),
      flush() {},
    }),
    openProtection: protection(personalData, readKey, () => now),
    announceStored: true,
    report: (batch) => void outcomes.push(...batch.map(({ outcome }) => outcome)),
    now: () => now,
  });
  const take = (...details: object[]) =>
    handle(details.map(message), { storing: signal, announcing: signal });
  return { take, announced, outcomes };
}

const message = (detail: object, i: number) => ({
  messageId: `message-${i}`,
  body: JSON.stringify({
    id: 'of the envelope',
    source: 'easysend.player',
    'detail-type': 'Security Event',
    time: '2026-11-21T09:00:00Z',
    detail,
  }),
});
const eventNamed = (id: string) => ({ ...FULL_LOG, event: { ...FULL_LOG.event, id } });

/** Everything in the table as text: each attribute as it is, and what is compressed also as it was. */
async function textOfTable(): Promise<string> {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: TABLE_NAME }));
  return Items.flatMap((item) => [
    ...Object.values(item).map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
    ),
    ...(item[LOG_TABLE.document] ? [decodeDocument(Buffer.from(item[LOG_TABLE.document])).toString()] : []),
    ...(item[FEED_ITEM.intent]
      ? decodeIntent(Buffer.from(item[FEED_ITEM.intent])).map(({ json }) => json.toString())
      : []),
  ]).join('\n');
}

/** The values of the log that nothing else has in it: names of fields and other values have none of them in them. */
const PLAIN = Object.entries(new LogFields(FULL_LOG).rest())
  .filter(([name]) => (HASHABLE_FIELDS as string[]).includes(name))
  .map(([, value]) => value)
  .filter((value) => value.length >= 6 && !['failed', 'customer', 'submit', 'verify'].includes(value));

describe('an event of which every text is hashed', () => {
  test('leaves none of them in the table or on the bus, and its copies are still one log', async () => {
    const { take, announced, outcomes } = start(ALL_HASHED);
    expect(await take(eventNamed('hashed'), eventNamed('hashed'))).toEqual([]);
    expect(await take(eventNamed('hashed'))).toEqual([]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'duplicate', 'duplicate']);
    expect(announced).toHaveLength(3);
    const kept = `${await textOfTable()}\n${announced.map(({ detail }) => detail).join('\n')}`;
    expect(kept).toContain('hmac-');
    expect(PLAIN.length).toBeGreaterThan(15);
    for (const value of PLAIN) expect(kept).not.toContain(value);
    expect(new Set(announced.map(({ detail }) => detail)).size).toBe(1);
    expect(reads).toBe(1);
  });

  test('is not stored without the key, neither plain nor at all: its message goes back to the queue', async () => {
    const { take, announced, outcomes } = start(ALL_HASHED);
    const before = await textOfTable();
    for (const wrong of [new Error('AccessDenied'), undefined, 'short']) {
      key = wrong;
      expect(await take(eventNamed('keyless'), { event: { action: 'UNKNOWN' } })).toEqual(['message-0']);
    }
    expect(await textOfTable()).toBe(before);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(3).fill(['failed', 'rejected']).flat());
    // A rejection has the event as it was published, whatever the settings say.
    expect(new Set(announced.map(({ detailType }) => detailType))).toEqual(
      new Set(['Security Event Rejected']),
    );

    key = 'a key of the test that is long enough for it';
    expect(await take(eventNamed('keyless'))).toEqual([]);
    expect(outcomes.at(-1)?.kind).toBe('stored');
  });
});

describe('the key', () => {
  const hashOf = async (protect: ReturnType<typeof protection>): Promise<string | undefined> =>
    (await protect?.(signal))?.(FULL_LOG).label.rid;

  test('is read again after five minutes: later hashes are made with the new one', async () => {
    const protect = protection({ drop: [], hash: ['label.rid'] }, readKey, () => now);
    const first = await hashOf(protect);
    key = 'another key of the test that is long enough';
    expect(await hashOf(protect)).toBe(first);
    now += 5 * MINUTE;
    const second = await hashOf(protect);
    expect(second).not.toBe(first);
    key = new Error('no answer');
    now += 5 * MINUTE;
    expect(await hashOf(protect)).toBe(second);
  });

  test('is waited for no longer than storing may take', async () => {
    const protect = protection(
      { drop: [], hash: ['label.rid'] },
      () => new Promise(() => {}),
      () => now,
    );
    await expect(protect?.(AbortSignal.abort(new Error('the time is up')))).rejects.toThrow('the time is up');
  });

  test('is not read where nothing is hashed', async () => {
    expect(protection(NO_FIELD, readKey, () => now)).toBeUndefined();
    expect(await hashOf(protection({ drop: ['label.rid'], hash: [] }, readKey, () => now))).toBeUndefined();
    expect(reads).toBe(0);
  });
});
