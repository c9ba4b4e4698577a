import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { query } from '../../../functions/query/query.ts';
import type { HttpError } from '../../../shared/http-errors.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import type { QueryParameters } from '../../../shared/query/read-parameters.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { memoryStore } from '../../fixtures/memory-store.ts';
import { LOG_BYTES, NOW, numbersTo, START } from '../../fixtures/query-answers.ts';

/** What fits into an answer, by the format, the order and the filter that a caller chooses. */

const NDJSON = 'application/x-ndjson';
const WINDOW = { start_time: ['20261121090000'], end_time: ['20261121090200'] };

const ask = (
  store: ReturnType<typeof memoryStore>,
  parameters: QueryParameters,
  { memoryBytes = 1e9, timeoutMs = 55_000 },
) =>
  query({ store, timeoutMs, memoryBytes, now: () => NOW })(
    httpRequest({ now: NOW, headers: { Accept: NDJSON }, parameters: { ...WINDOW, ...parameters } }),
    CALLER,
  );

test('a filter leaves no room to what does not match: a window that is too large without it is answered', async () => {
  const store = memoryStore(
    numbersTo(3_000).map((n) => ({
      timestamp: START + 40 * n,
      id: `id-${n}`,
      document: encodeDocument(
        JSON.stringify({ event: { action: n % 100 === 0 ? 'COMPLETED' : 'OPENED' }, n }),
      ),
    })),
  );
  const limits = { memoryBytes: 500 * LOG_BYTES };
  await expect(ask(store, {}, limits)).rejects.toMatchObject({ code: 'window_too_large' });
  const { headers } = await ask(store, { action: ['COMPLETED'] }, limits);
  expect(headers['Number-Of-Results']).toBe('30');
});

describe('a window that is too large', () => {
  const dense = memoryStore(
    numbersTo(2_000).map((n) => ({
      timestamp: START + 60 * n,
      id: `id-${n}`,
      document: encodeDocument(
        JSON.stringify({
          '@timestamp': new Date(START + 60 * n).toISOString(),
          event: { action: n % 2 === 0 ? 'COMPLETED' : 'OPENED' },
          label: { app_type: 'player', rid: `r-${n}` },
        }),
      ),
    })),
  );
  const limits = { memoryBytes: 500 * LOG_BYTES };
  const errorOf = (parameters: QueryParameters): Promise<HttpError> =>
    ask(dense, parameters, limits).then(
      () => expect.fail('was answered'),
      (error) => error,
    );

  test.each([{}, { format: ['ecs'] }, { action: ['COMPLETED'] }])(
    'is divided at the same time in both orders: %j',
    async (choice) => {
      const [up, down] = [await errorOf(choice), await errorOf({ ...choice, order: ['desc'] })];
      expect(up).toMatchObject({ status: 408, code: 'window_too_large' });
      expect(down).toMatchObject({ status: 408, code: 'window_too_large' });
      expect(down.details).toEqual(up.details);
      const { 'End-Time': end } = (
        await ask(dense, { ...choice, end_time: [up.details['next_end_time'] ?? ''] }, limits)
      ).headers;
      expect(end).toBe(up.details['next_end_time']);
    },
  );

  test('in another format is one whose body is too large, and what is answered is no larger than can be sent', async () => {
    // What fits into two seconds is 8 MB: 54,000 logs of 146 bytes are, and in ECS they are twice as much.
    const document = encodeDocument(
      JSON.stringify({
        ecs: { version: '8.11.0' },
        '@timestamp': new Date(START).toISOString(),
        event: { action: 'OPENED' },
        label: { app_type: 'player', rid: 'r'.repeat(20) },
      }),
    );
    const logs = numbersTo(50_000).map((n) => ({ timestamp: START + 2 * n, id: `id-${n}`, document }));
    const store = memoryStore(logs, { batchSize: 5_000 });
    const short = { timeoutMs: 2_000 };
    expect((await ask(store, {}, short)).headers['Number-Of-Results']).toBe('50000');
    const error = await ask(store, { format: ['ecs'] }, short).catch((e) => e);
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
    const end_time = [error.details.next_end_time];
    const { body, headers } = await ask(store, { format: ['ecs'], end_time }, short);
    expect(Number(headers['Number-Of-Results'])).toBeGreaterThan(10_000);
    expect((await text(body as Readable)).length).toBeLessThan(8_000_000);
  });
});

test('a window whose other logs took all the time is divided by time, not by the few that match', async () => {
  let now = NOW;
  const logs = numbersTo(12_000).map((n) => ({
    timestamp: START + 10 * n,
    id: `id-${n}`,
    document: encodeDocument(JSON.stringify({ event: { action: n === 1 ? 'COMPLETED' : 'OPENED' } })),
  }));
  const store = memoryStore(logs, { onRead: () => (now += 25) });
  const answer = query({ store, timeoutMs: 4_000, memoryBytes: 1e9, now: () => now });
  const parameters = { ...WINDOW, action: ['COMPLETED'] };
  const error = await answer(httpRequest({ now, parameters }), CALLER).catch((e) => e);
  expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
  const end = Number(error.details.next_end_time);
  expect(end).toBeGreaterThan(20261121090010);
  expect(end).toBeLessThan(20261121090200);
});
