import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliveries } from '../../../functions/deliveries/deliveries.ts';
import type { DeliveryRecord } from '../../../shared/delivery/delivery-record.ts';
import type { IdentifiedLog } from '../../../shared/event/security-event.ts';
import { formatRfc3339 } from '../../../shared/query/time-window.ts';
import { deliveryReader } from '../../../shared/store/delivery-reader.ts';
import { deliveryWriter } from '../../../shared/store/delivery-writer.ts';
import { logKey } from '../../../shared/store/log-key.ts';
import { logStore } from '../../../shared/store/log-store.ts';
import { HOUR } from '../../../shared/time.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { log } from '../../fixtures/identified-logs.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const { signal } = new AbortController();

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable(1);
});
afterAll(() => table.close());

/** When the logs of each test occur: an hour of their own. */
let hours = 0;

interface Asked {
  readonly parameters?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  /** Epoch milliseconds. */
  readonly now?: number;
  readonly hasCustomService?: boolean;
}

function makeTest() {
  const from = Date.UTC(2026, 10, 1) + hours++ * HOUR;
  const window = { start_time: formatRfc3339(from), end_time: formatRfc3339(from + HOUR) };
  const store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
  const record = deliveryWriter(table.client, TABLE_NAME);

  const ask = async ({ parameters = window, headers = {}, method = 'GET', ...rest }: Asked = {}) => {
    const { now = NOW, hasCustomService = true } = rest;
    const answer = deliveries({
      read: deliveryReader({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 }),
      hasCustomService,
      now: () => now,
    });
    const request = httpRequest({
      method,
      headers,
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
      domainName: 'logs.example',
      path: '/player/api/security-logs/deliveries',
      now,
    });
    const { headers: answered, body } = await answer(request, CALLER, signal);
    return { headers: answered, body: typeof body === 'string' ? body : await text(body as Readable) };
  };

  /** What the answer says of each delivery, and whether there is more. */
  const list = async (parameters: Record<string, string> = {}, now = NOW) => {
    const { body } = await ask({ parameters: { ...window, ...parameters }, now });
    const { deliveries: listed, ...end } = JSON.parse(body);
    return { listed: listed as Record<string, unknown>[], end };
  };

  return {
    from,
    window,
    /** Stores a log and, if it is given, the record of its delivery. */
    async store(id: string, made?: Partial<DeliveryRecord>, others: Partial<IdentifiedLog> = {}, at = from) {
      const kept = log(at, id, others);
      const { puts, finished } = store.putAll([kept], NOW, signal);
      await Promise.all([...puts, finished]);
      const key = logKey(kept.application, kept.timestamp, kept.id);
      if (made)
        await record(key, { state: 'waiting', attempts: 1, at: NOW, durationMs: 5, ...made }, 0, signal);
    },
    ask,
    list,
    async idsAndStates(parameters: Record<string, string> = {}, now = NOW) {
      const { listed } = await list(parameters, now);
      return listed.map(({ event_id, state }) => `${event_id} ${state}`);
    },
  };
}

/** A log in each state. */
async function inEachState() {
  const each = makeTest();
  await each.store('a', { state: 'delivered' });
  await each.store('b', { state: 'waiting' });
  await each.store('c', { state: 'failed' });
  await each.store('d', { state: 'expired' });
  await each.store('e');
  return each;
}

describe('an answer with deliveries', () => {
  test('says of each what is known, and nothing else', async () => {
    const { store, list, from } = makeTest();
    await store('the-log', {
      attempts: 3,
      at: NOW + 20_000,
      durationMs: 120,
      status: 503,
      reason: 'the service answered 503',
      firstFailedAt: NOW + 1_000,
      nextAttemptAt: NOW + 40_000,
    });
    const id = `player-${new Date(from).toISOString().replace(/[-:.]/g, '')}-the-log`;
    expect(await list()).toEqual({
      listed: [
        {
          id,
          state: 'waiting',
          app_type: 'player',
          '@timestamp': new Date(from).toISOString(),
          event_id: 'the-log',
          action: 'OPENED',
          rid: 'the-log',
          stored_at: '2026-11-22T12:00:00.000Z',
          expires_at: '2026-11-24T12:00:00.000Z',
          attempts: 3,
          status: 503,
          reason: 'the service answered 503',
          duration_ms: 120,
          first_failed_at: '2026-11-22T12:00:01.000Z',
          last_attempt_at: '2026-11-22T12:00:20.000Z',
          next_attempt_at: '2026-11-22T12:00:40.000Z',
        },
      ],
      end: { has_more: false },
    });
  });

  test.each([
    ['', ['a delivered', 'b waiting', 'c failed', 'd expired', 'e unknown']],
    ['undelivered', ['b waiting', 'c failed', 'd expired', 'e unknown']],
    ['delivered', ['a delivered']],
    ['waiting', ['b waiting']],
    ['failed,expired', ['c failed', 'd expired']],
    ['unknown', ['e unknown']],
  ])('has the states that are wanted: %j', async (state, expected) => {
    const { idsAndStates } = await inEachState();
    expect(await idsAndStates(state === '' ? {} : { state })).toEqual(expected);
  });

  test('has the application, the rid and the time that are wanted', async () => {
    const each = makeTest();
    await each.store('p', {}, { application: 'player' });
    await each.store('b', {}, { application: 'builder' });
    await each.store('later', {}, {}, each.from + 60_000);
    expect(await each.idsAndStates({ app_type: 'builder' })).toEqual(['b waiting']);
    expect(await each.idsAndStates({ rid: 'p' })).toEqual(['p waiting']);
    expect(await each.idsAndStates({ end_time: formatRfc3339(each.from + 60_000) })).toEqual([
      'b waiting',
      'p waiting',
    ]);
    expect(await each.idsAndStates({ start_time: formatRfc3339(each.from + 60_000) })).toEqual([
      'later waiting',
    ]);
  });

  test('is of one log, by the id under which it is delivered, whatever its event.id is', async () => {
    const each = makeTest();
    await each.store('plain');
    await each.store('with spaces', { state: 'failed' });
    for (const { id, event_id } of (await each.list()).listed) {
      const { body } = await each.ask({ parameters: { id: String(id) } });
      expect(JSON.parse(body).deliveries).toEqual([expect.objectContaining({ event_id })]);
    }
    const { body } = await each.ask({ parameters: { id: 'player-20261101T000000000Z-nothing' } });
    expect(JSON.parse(body)).toEqual({ deliveries: [], has_more: false });
  });

  test('goes on after its cursor, in the order of a window', async () => {
    const each = makeTest();
    const ids = Array.from({ length: 30 }, (_, i) => `id-${String(i).padStart(2, '0')}`);
    await Promise.all(ids.map((id, i) => each.store(id, {}, {}, each.from + Math.floor(i / 3))));
    const found: unknown[] = [];
    let parameters: Record<string, string> = { limit: '7' };
    for (;;) {
      const { listed, end } = await each.list(parameters);
      found.push(...listed.map(({ event_id }) => event_id));
      if (!end.has_more) break;
      expect(listed).toHaveLength(7);
      parameters = { limit: '7', cursor: end.next_cursor };
    }
    expect(found).toEqual(ids);
  });

  test('tells in its headers how many there are, and where the next answer is', async () => {
    const { ask, window } = await inEachState();
    const parameters = { ...window, state: 'undelivered', limit: '2' };
    const { headers, body } = await ask({ parameters });
    const { next_cursor, has_more } = JSON.parse(body);
    expect(has_more).toBe(true);
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      Vary: 'Accept, Accept-Encoding',
      'Number-Of-Results': '2',
      'Next-Cursor': next_cursor,
      Link: expect.stringMatching(
        /^<https:\/\/logs\.example\/player\/api\/security-logs\/deliveries\?.*>; rel="next"$/,
      ),
    });
    const next = new URL(headers['Link']?.slice(1).split('>')[0] ?? '');
    expect(Object.fromEntries(next.searchParams)).toEqual({ ...parameters, cursor: next_cursor });
    expect((await ask()).headers).not.toHaveProperty('Next-Cursor');
  });

  test('has a delivery a line, if lines are wanted, and no body for HEAD', async () => {
    const { ask } = await inEachState();
    const { headers, body } = await ask({ headers: { Accept: 'application/x-ndjson' } });
    expect(headers['Content-Type']).toBe('application/x-ndjson');
    const lines = body.split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line).event_id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await ask({ method: 'HEAD' })).toMatchObject({ headers: { 'Number-Of-Results': '5' }, body: '' });
  });
});

describe('a log whose lifetime has ended', () => {
  const ENDED = NOW + 48 * HOUR;

  test('is shown for twelve hours more if it is not delivered, without its fields; what waited is expired', async () => {
    const { idsAndStates, list } = await inEachState();
    for (const now of [ENDED, ENDED + 12 * HOUR - 1000]) {
      expect(await idsAndStates({}, now)).toEqual(['b expired', 'c failed', 'd expired', 'e unknown']);
      expect(await idsAndStates({ state: 'expired' }, now)).toEqual(['b expired', 'd expired']);
      for (const delivery of (await list({}, now)).listed) {
        expect(delivery).not.toHaveProperty('action');
        expect(delivery).not.toHaveProperty('rid');
        expect(delivery).not.toHaveProperty('next_attempt_at');
      }
      expect(await idsAndStates({ rid: 'b' }, now)).toEqual([]);
    }
    expect(await idsAndStates({}, ENDED - 1)).toContain('a delivered');
    expect(await idsAndStates({}, ENDED + 12 * HOUR)).toEqual([]);
  });
});

describe('an error', () => {
  test('says that no custom service is configured, whatever is asked', async () => {
    const { ask } = makeTest();
    for (const parameters of [{}, { nonsense: 'x' }])
      await expect(ask({ parameters, hasCustomService: false })).rejects.toMatchObject({
        status: 404,
        code: 'no_custom_service',
      });
  });

  test('of a store that keeps failing is a 503', async () => {
    const { ask } = makeTest();
    table.faults.order((operation) => (operation === 'Query' ? 'fail' : undefined));
    await expect(ask()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    table.faults.order(() => undefined);
  });

  test('of the caller is told before anything is read', async () => {
    const { ask } = makeTest();
    const reads = table.faults.operations.length;
    await expect(ask({ headers: { Accept: 'text/html' } })).rejects.toMatchObject({ code: 'not_acceptable' });
    await expect(ask({ parameters: { state: 'x' } })).rejects.toMatchObject({ code: 'invalid_state' });
    expect(table.faults.operations.length).toBe(reads);
  });
});
