import { BatchExecuteStatementCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LogItem } from '../../../../shared/feed/feed-table.ts';
import { logInserter } from '../../../../shared/store/feed/insert-logs.ts';
import { HOUR, SECOND } from '../../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../../fixtures/embedded-table.ts';
import { freshHour } from '../../../fixtures/identified-logs.ts';
import {
  failingStatements,
  type Intercept,
  interceptedClient,
  sortKeyOf,
} from '../../../fixtures/intercepted-client.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable();
});
afterEach(() => table.faults.order(() => undefined));
afterAll(() => table.close());

const passAll: Intercept = (_, pass) => pass();
const put = (items: readonly LogItem[], intercept: Intercept = passAll, { signal } = new AbortController()) =>
  Promise.all(
    logInserter({ client: interceptedClient(table.client, intercept), tableName: TABLE_NAME, signal })(items),
  );
const kindsOf = async (outcomes: ReturnType<typeof put>) => (await outcomes).map(({ kind }) => kind);

const item = (timestamp: number, id: string, others: Partial<LogItem> = {}): LogItem => ({
  application: 'player',
  timestamp,
  id,
  document: Buffer.from(`document of ${id}`),
  action: 'OPENED',
  rid: undefined,
  createdAt: NOW,
  expiresAt: NOW + 60 * HOUR,
  slot: '0.1',
  ...others,
});
const items = (count: number, others: Partial<LogItem> = {}): LogItem[] => {
  const { from } = freshHour();
  return Array.from({ length: count }, (_, i) => item(from + i, `id-${i}`, others));
};
const inOtherSlot = { slot: '3.9', createdAt: NOW + HOUR, expiresAt: NOW + 61 * HOUR };

/** An error after which DynamoDB may have done what it was asked. */
const connectionLost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
const refused = () => Object.assign(new Error('refused'), { name: 'ValidationException' });

describe('putting logs by statements', () => {
  test('stores each once: who comes later finds the item, with its slot', async () => {
    const logs = items(60, { rid: 'r' });
    expect(new Set(await kindsOf(put(logs)))).toEqual(new Set(['stored']));
    const again = await put(
      logs.map((log) => ({ ...log, ...inOtherSlot, document: Buffer.from('another') })),
    );
    expect(again).toEqual(
      logs.map(({ document, createdAt, expiresAt, slot }) => ({
        kind: 'found',
        item: { document, createdAt, expiresAt, slot },
      })),
    );
  });

  test('sends 25 in a request at most', async () => {
    const sizes: number[] = [];
    const counted: Intercept = (command, pass) => {
      sizes.push((command as BatchExecuteStatementCommand).input.Statements?.length ?? 0);
      return pass();
    };
    await put(items(60), counted);
    expect(sizes).toEqual([25, 25, 10]);
    expect(await put([], counted)).toEqual([]);
    expect(sizes.length).toBe(3);
  });

  test('reads what it found, where the answer does not have it; a log of before the feed has no slot', async () => {
    const [old] = items(1) as [LogItem];
    const Item = {
      pk: { S: '' },
      sk: { S: '' },
      doc: { B: old.document },
      createdAt: { N: String(NOW) },
      expiresAt: { N: String(old.expiresAt / SECOND) },
    };
    const silent: Intercept = async (command, pass) => {
      if (!(command instanceof BatchExecuteStatementCommand)) return pass();
      const [pk, sk] = command.input.Statements?.[0]?.Parameters ?? [];
      if (pk === undefined || sk === undefined) throw new Error('a statement without a key');
      await table.client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: { ...Item, pk, sk } }));
      return { Responses: [{ Error: { Code: 'DuplicateItem', Message: 'there' } }] };
    };
    const { document, createdAt, expiresAt } = old;
    const found = { kind: 'found', item: { document, createdAt, expiresAt, slot: undefined } };
    expect(await put([old], silent)).toEqual([found]);
  });
});

describe('an item that has expired', () => {
  test('is replaced, once its last second is over', async () => {
    const logs = items(3);
    const at = (createdAt: number) =>
      put(logs.map((log) => ({ ...log, slot: '1.1', createdAt, expiresAt: createdAt + HOUR })));
    await put(logs);
    expect(await kindsOf(at(NOW + 60 * HOUR - 1))).toEqual(['found', 'found', 'found']);
    expect(await kindsOf(at(NOW + 60 * HOUR))).toEqual(['stored', 'stored', 'stored']);
    const found = await at(NOW + 60 * HOUR);
    expect(found.map((outcome) => outcome.kind === 'found' && outcome.item.slot)).toEqual([
      '1.1',
      '1.1',
      '1.1',
    ]);
  });

  test('is replaced by one of two only; the other finds the new one', async () => {
    const [log] = items(1) as [LogItem];
    await put([log]);
    const createdAt = NOW + 60 * HOUR;
    const both = ['1.1', '2.2'].map((slot) =>
      put([{ ...log, createdAt, expiresAt: createdAt + HOUR, slot }]),
    );
    const [[first], [second]] = (await Promise.all(both)) as [[unknown], [unknown]];
    const slot = expect.stringMatching(/^(?:1\.1|2\.2)$/);
    expect([first, second]).toContainEqual({ kind: 'stored' });
    expect([first, second]).toContainEqual({
      kind: 'found',
      item: expect.objectContaining({ createdAt, slot }),
    });
  });

  test('is replaced by a put whose answer was lost: the log is found in its own slot', async () => {
    const [log] = items(1) as [LogItem];
    await put([log]);
    let lost = 0;
    const losing: Intercept = async (command, pass) => {
      const answer = await pass();
      if (command instanceof PutItemCommand && lost++ === 0) throw connectionLost();
      return answer;
    };
    const createdAt = NOW + 60 * HOUR;
    const later = { ...log, createdAt, expiresAt: createdAt + HOUR, slot: '1.1' };
    expect(await put([later], losing)).toEqual([
      {
        kind: 'found',
        item: { document: log.document, createdAt, expiresAt: createdAt + HOUR, slot: '1.1' },
      },
    ]);
  });
});

describe('while DynamoDB', () => {
  test.each(['ThrottlingError', 'ProvisionedThroughputExceeded', 'InternalServerError'] as const)(
    'fails single statements (%s): only these are sent again, until they are stored',
    async (code) => {
      const sent = new Map<string, number>();
      const throttling = failingStatements((statement) => {
        const key = sortKeyOf(statement);
        sent.set(key, (sent.get(key) ?? 0) + 1);
        return Number(key.split('-')[1]) % 3 === 0 && (sent.get(key) ?? 0) <= 4 ? code : undefined;
      });
      expect(new Set(await kindsOf(put(items(30), throttling)))).toEqual(new Set(['stored']));
      expect([...sent.values()]).toEqual(Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 5 : 1)));
    },
  );

  test('refuses single statements: they alone are unknown, at once', async () => {
    const logs = items(30);
    const denying = failingStatements((statement) =>
      sortKeyOf(statement).endsWith('-7') ? 'AccessDenied' : undefined,
    );
    const outcomes = await put(logs, denying);
    expect(outcomes.map(({ kind }) => kind)).toEqual(logs.map((_, i) => (i === 7 ? 'unknown' : 'stored')));
    expect(outcomes[7]).toMatchObject({ error: { name: 'AccessDenied' } });
  });

  test('refuses a request because of one statement: the others are stored', async () => {
    const logs = items(25);
    let requests = 0;
    const refusing: Intercept = async (command, pass) => {
      requests += 1;
      if (JSON.stringify(command.input).includes('#id-13"')) throw refused();
      return pass();
    };
    const outcomes = await put(logs, refusing);
    expect(outcomes.map(({ kind }) => kind)).toEqual(logs.map((_, i) => (i === 13 ? 'unknown' : 'stored')));
    expect(requests).toBeLessThanOrEqual(1 + 2 * Math.ceil(Math.log2(25)));
  });

  test('throttles, fails and breaks off whole requests: they are sent again', async () => {
    table.faults.order((_, n) => (['throttle', 'fail', 'reset'] as const)[n]);
    expect(new Set(await kindsOf(put(items(30))))).toEqual(new Set(['stored']));
  });

  test('has stored logs, and its answer was lost: they are found in their own slot', async () => {
    let lost = 0;
    const losing: Intercept = async (_, pass) => {
      const answer = await pass();
      if (lost++ === 0) throw connectionLost();
      return answer;
    };
    const outcomes = await put(items(5), losing);
    expect(outcomes.map((outcome) => outcome.kind === 'found' && outcome.item.slot)).toEqual(
      Array(5).fill('0.1'),
    );
  });

  test('answers fewer statements than it was sent: nothing is taken for stored that it did not confirm', async () => {
    let cut = 0;
    const cutting: Intercept = async (_, pass) => {
      const { Responses = [] } = (await pass()) as { Responses?: object[] };
      return { Responses: cut++ === 0 ? Responses.slice(0, 2) : Responses };
    };
    expect(await kindsOf(put(items(4), cutting))).toEqual(['stored', 'stored', 'found', 'found']);
  });

  test('has lost an item between the put that found it and the read: it is unknown', async () => {
    const [log] = items(1) as [LogItem];
    const losing: Intercept = async (command) =>
      command instanceof GetItemCommand ? {} : { Responses: [{ Error: { Code: 'DuplicateItem' } }] };
    expect(await kindsOf(put([log], losing))).toEqual(['unknown']);
  });
});

describe('when the time is over', () => {
  test('what is not known by then is unknown, what was stored is stored, and nothing is sent any more', async () => {
    const time = new AbortController();
    let requests = 0;
    const throttling = failingStatements((statement) => {
      requests += 1;
      if (requests === 200) time.abort(new Error('too late'));
      return sortKeyOf(statement).endsWith('-3') ? undefined : 'ThrottlingError';
    });
    const outcomes = await put(items(30), throttling, time);
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 30 }, (_, i) => (i === 3 ? 'stored' : 'unknown')),
    );
    const sent = requests;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toBe(sent);
  });

  test('a request that never ends leaves its logs unknown', async () => {
    const time = new AbortController();
    const outcomes = put(items(2), () => new Promise(() => {}), time);
    time.abort(new Error('too late'));
    expect(await outcomes).toEqual(Array(2).fill({ kind: 'unknown', error: new Error('too late') }));
  });

  test('before it begins, nothing is sent', async () => {
    table.faults.order(() => undefined);
    const time = new AbortController();
    time.abort(new Error('too late'));
    expect(await kindsOf(put(items(2), passAll, time))).toEqual(['unknown', 'unknown']);
    expect(table.faults.operations).toEqual([]);
  });
});
