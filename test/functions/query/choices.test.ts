import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../../functions/http/responses.ts';
import { query } from '../../../functions/query/query.ts';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import { OUTCOME_OF, OUTCOMES } from '../../../shared/event/outcome.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import { OCSF_VERSIONS } from '../../../shared/log/formats/ocsf.ts';
import type { SecurityLog } from '../../../shared/log/security-log.ts';
import type { QueryParameters } from '../../../shared/query/read-parameters.ts';
import { anyCreatedAt, anyEventId, anySecurityLog } from '../../fixtures/any-security-log.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { ECS_SCHEMAS, ecsProblems } from '../../fixtures/ecs-schema.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { memoryStore } from '../../fixtures/memory-store.ts';
import { OCSF_VALIDATORS } from '../../fixtures/ocsf-schema.ts';
import { NOW, numbered, START } from '../../fixtures/query-answers.ts';

/** What a caller can choose of a window: the format, which logs, their order, and lines. */

const NDJSON = 'application/x-ndjson';
const WINDOW = { start_time: ['20261121090000'], end_time: ['20261121090200'] };

interface Stored {
  readonly id: string;
  readonly log: SecurityLog;
  readonly createdAt: number;
}

/** Any logs in the window, few of them with one of a few values, so that filters find some. */
const anyStored: fc.Arbitrary<Stored[]> = fc.uniqueArray(
  fc.record({ id: anyEventId, log: anySecurityLog, createdAt: anyCreatedAt, at: fc.nat(119_999) }).map(
    ({ id, log, createdAt, at }): Stored => ({
      id,
      createdAt,
      log: { ...log, '@timestamp': new Date(START + at).toISOString() },
    }),
  ),
  { selector: ({ id }) => id, maxLength: 30 },
);

const storeOf = (logs: readonly Stored[]) =>
  memoryStore(
    logs.map(({ id, log, createdAt }) => ({
      id,
      createdAt,
      application: log.label.app_type,
      timestamp: Date.parse(log['@timestamp']),
      document: encodeDocument(JSON.stringify(log)),
    })),
  );

type Store = ReturnType<typeof memoryStore>;
const ask = (store: Store, parameters: QueryParameters, accept = 'application/json'): Promise<HttpResponse> =>
  query({ store, timeoutMs: 55_000, memoryBytes: 1e9, ocsfUser: 'label.master_rid', now: () => NOW })(
    httpRequest({ now: NOW, headers: { Accept: accept }, parameters: { ...WINDOW, ...parameters } }),
    CALLER,
  );

/** The logs of an answer, which its headers count, read as its media type says. */
async function logsOf({ headers, body }: HttpResponse): Promise<Record<string, unknown>[]> {
  const sent = await text(body as Readable);
  const logs =
    headers['Content-Type'] === NDJSON
      ? sent
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line))
      : JSON.parse(sent).flatMap(({ securityLogs }: { securityLogs: unknown[] }) => securityLogs);
  expect(headers['Number-Of-Results']).toBe(String(logs.length));
  return logs;
}

const MEDIA_TYPES = ['application/json', NDJSON];

describe('a window as lines', () => {
  test('has the logs of the pages, and the headers but for the pages', async () => {
    await fc.assert(
      fc.asyncProperty(anyStored, async (stored) => {
        const store = storeOf(stored);
        const lines = await ask(store, {}, NDJSON);
        const pages = await ask(store, {});
        expect(await logsOf(lines)).toEqual(await logsOf(pages));
        const { 'Number-Of-Pages': _, ...others } = pages.headers;
        expect(lines.headers).toEqual({
          ...others,
          'Content-Type': NDJSON,
          Vary: 'Accept, Accept-Encoding',
        });
      }),
      { numRuns: 30 },
    );
  });

  test('has a last line only if it is asked for', async () => {
    const store = memoryStore(numbered([START, START + 1], () => ''));
    const lines = '{"n":0,"text":""}\n{"n":1,"text":""}\n';
    expect(await text((await ask(store, {}, NDJSON)).body as Readable)).toBe(lines);
    const ended = await ask(store, { end: ['line'] }, NDJSON);
    expect(await text(ended.body as Readable)).toBe(`${lines}{"_end":true,"count":2}\n`);
    expect(ended.headers['Number-Of-Results']).toBe('2');
  });

  test('alone can have a last line: pages are refused with it', async () => {
    await expect(ask(storeOf([]), { end: ['line'] })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_end',
      message: 'end is "line"; accepted: line, only together with Accept: application/x-ndjson',
    });
  });
});

describe.each(MEDIA_TYPES)('a window as %s', (accept) => {
  test.each(Object.entries(ECS_SCHEMAS))('in ECS is valid against the schema of %s', async (_, schema) => {
    await fc.assert(
      fc.asyncProperty(anyStored, async (stored) => {
        const documents = await logsOf(await ask(storeOf(stored), { format: ['ecs'] }, accept));
        for (const document of documents) expect(ecsProblems(schema, document)).toEqual([]);
        expect(documents.map(({ event }) => event)).toEqual(
          inOrder(stored).map(({ id, createdAt }) =>
            expect.objectContaining({ id, created: new Date(createdAt).toISOString() }),
          ),
        );
      }),
      { numRuns: 20 },
    );
  });

  test.each(OCSF_VALIDATORS)('in OCSF is valid against the schema of %s', async (version, problems) => {
    await fc.assert(
      fc.asyncProperty(anyStored, async (stored) => {
        const choice = { format: ['ocsf'], ocsf_version: [version] };
        const events = await logsOf(await ask(storeOf(stored), choice, accept));
        for (const event of events) expect(problems(event)).toEqual([]);
        expect(events.map(({ metadata }) => metadata)).toEqual(
          inOrder(stored).map(({ id, createdAt }) =>
            expect.objectContaining({ version, uid: id, logged_time: createdAt }),
          ),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('in OCSF has the older version by default, and the user of the settings', async () => {
    const [log] = fc.sample(anySecurityLog, { numRuns: 1, seed: 1 });
    const action = 'CheckAuthResponseAuthenticationFailed';
    const stored: Stored = {
      id: 'a',
      createdAt: 0,
      log: {
        ...(log as SecurityLog),
        '@timestamp': new Date(START).toISOString(),
        event: { action },
        label: { app_type: 'player', master_rid: 'm', rid: 'r' },
      },
    };
    const [event] = await logsOf(await ask(storeOf([stored]), { format: ['ocsf'] }, accept));
    expect(event).toMatchObject({ user: { uid: 'm' }, metadata: { version: OCSF_VERSIONS[0] } });
  });
});

/** Logs in the order of an answer: by time, then by the UTF-8 bytes of the id, then Builder before Player. */
const inOrder = (stored: readonly Stored[]): Stored[] =>
  stored.toSorted(
    (a, b) =>
      Date.parse(a.log['@timestamp']) - Date.parse(b.log['@timestamp']) ||
      Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
  );

describe('a filter of a window', () => {
  const filters = fc.record(
    {
      action: fc.uniqueArray(fc.constantFrom(...EVENT_ACTIONS), { minLength: 1 }),
      outcome: fc.uniqueArray(fc.constantFrom(...OUTCOMES), { minLength: 1 }),
      rid: fc.constant(['r']),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

  test('finds what the same filter finds in the whole window, in either order', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(
        anyStored,
        filters,
        fc.constantFrom('asc', 'desc'),
        async (stored, { action, outcome, rid }, order) => {
          const store = storeOf(stored);
          const whole = (await logsOf(await ask(store, {}))) as unknown as SecurityLog[];
          const wanted = whole.filter(
            ({ event, label }) =>
              (action?.includes(event.action) ?? true) &&
              (outcome?.includes(OUTCOME_OF[event.action]) ?? true) &&
              (rid === undefined || label.rid === 'r'),
          );
          const answer = await ask(store, {
            order: [order],
            ...(action && { action: [action.join(',')] }),
            ...(outcome && { outcome: [outcome.join(',')] }),
            ...(rid && { rid }),
          });
          expect(await logsOf(answer)).toEqual(order === 'asc' ? wanted : wanted.toReversed());
          found += wanted.length;
        },
      ),
      { numRuns: 100 },
    );
    expect(found).toBeGreaterThan(0);
  });
});
