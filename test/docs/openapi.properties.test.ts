import { request as httpRequest, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FORMAT_NAMES } from '../../shared/log/formats/log-format.ts';
import { anyInvalid, anyQuery, mistakesIn, type Query, queryText } from '../fixtures/documented-requests.ts';
import { LOGS_OF_EVERY_ACTION as LOGS } from '../fixtures/full-log.ts';
import { cursorAt } from '../fixtures/memory-feed.ts';
import {
  type ArrivedAnswer,
  bodyOf,
  DOCUMENTED,
  type DocumentedOperation,
  namedSchema,
  OTHER_PATHS,
  problemOf,
  resolve,
  responseFor,
  undescribed,
} from '../fixtures/openapi-document.ts';
import { type Condition, PLAYER_KEY, RIGHT_KEY, serveOperations } from '../fixtures/served-operations.ts';
import { synthesize } from '../infra/synthesize.ts';

/** Every operation of docs/openapi.json, asked of the real functions behind the local gateway: no answer is outside it. */

/** What makes an answer worth looking at. */
const LIKELY = {
  start_time: ['20261121090000', '19700101000000'],
  end_time: ['99991231235959', '9000-01-01T00:00:00Z'],
  rid: ['rid-1'],
  cursor: ['', cursorAt(3), cursorAt(LOGS.length)],
};

/** The query that finds all of them. */
const ALL = { start_time: ['19700101000000'], end_time: ['99991231235959'] };

/** Each of these needs two parameters, or a parameter and a header, so that a schema of one cannot say it. */
const RULES_BETWEEN = [
  'invalid_window',
  'conflicting_parameters',
  'invalid_ocsf_version',
  'invalid_end',
  'invalid_cursor',
];

let served: Awaited<ReturnType<typeof serveOperations>>;
beforeAll(async () => {
  const templates = synthesize().all('AWS::ApiGateway::GatewayResponse');
  served = await serveOperations(
    LOGS,
    templates.map(({ properties }) => ({ ResponseParameters: {}, ...properties })),
  );
});
afterAll(() => served.close());
beforeEach(() => served.meet('all is well'));

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};

async function ask(
  method: string,
  path: string,
  query: Query,
  headers: Readonly<Record<string, string>> = { apiKey: RIGHT_KEY },
): Promise<ArrivedAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    httpRequest(`${served.url}${path}?${queryText(query)}`, { method, headers }, resolve)
      .on('error', reject)
      .end(),
  );
  const bytes = await buffer(response);
  const decode = DECODERS[response.headers['content-encoding'] ?? ''];
  const text = (bytes.length > 0 && decode ? decode(bytes) : bytes).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

const codeOf = (answer: ArrivedAnswer): string | undefined => bodyOf(answer)?.error?.code;

/** Expects an answer that the document describes. */
function expectDescribed(operation: DocumentedOperation, answer: ArrivedAnswer): void {
  const response = responseFor(operation, answer.status);
  expect(undescribed(response, answer, operation.method === 'GET')).toEqual([]);
}

const anyKey = fc.constantFrom<Record<string, string>>(
  { apiKey: RIGHT_KEY },
  { 'X-Api-Key': RIGHT_KEY },
  { Authorization: `Bearer ${RIGHT_KEY}` },
);
const anyWrongKey = fc.oneof(
  fc.constant({}),
  fc.constantFrom('apiKey', 'X-Api-Key').map((name) => ({ [name]: 'wrong' })),
  fc.constantFrom('Bearer wrong', 'Basic x').map((Authorization) => ({ Authorization })),
);
/** With headers that are undefined left out. */
const anyHeaders = fc
  .tuple(
    anyKey,
    fc.constantFrom(undefined, 'application/json', 'application/x-ndjson', '*/*'),
    fc.constantFrom(undefined, 'identity', 'gzip', 'br', 'zstd', 'gzip;q=0.5, br'),
  )
  .map(([key, accept, encoding]) => ({
    ...key,
    ...(accept !== undefined && { Accept: accept }),
    ...(encoding !== undefined && { 'Accept-Encoding': encoding }),
  }));

/** The logs of a 200, whatever its frame. */
function logsOf(answer: ArrivedAnswer): unknown[] {
  const body = bodyOf(answer);
  if (answer.headers['content-type'] === 'application/x-ndjson')
    return body.filter((line: object) => !('_end' in line));
  return Array.isArray(body) ? body.flatMap(({ securityLogs }) => securityLogs) : body.events;
}

const schemaOfLogs = (format: string, path: string) =>
  namedSchema(
    { ecs: 'EcsLog', ocsf: 'OcsfEvent' }[format] ?? (path.endsWith('feed') ? 'FeedLog' : 'SecurityLog'),
  );

describe.each(DOCUMENTED)('$method $path', (operation) => {
  const { method, path, parameters } = operation;
  const queries = anyQuery(operation, LIKELY);
  /** What a 200 may be, by its media type. A `HEAD` describes none, but is answered as a `GET`. */
  const offered = resolve(DOCUMENTED.find((each) => each.path === path)?.responses['200']).content;
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const has = (name: string): boolean => inQuery.some((parameter) => parameter.name === name);
  /** Everything that there is. */
  const all = Object.fromEntries(Object.entries(ALL).filter(([name]) => has(name)));

  test('answers any valid values as it says, or names a rule between them', async () => {
    await fc.assert(
      fc.asyncProperty(queries, anyHeaders, async (query, headers) => {
        const answer = await ask(method, path, query, headers);
        expectDescribed(operation, answer);
        const isOffered = Object.keys(offered).includes(headers['Accept'] ?? 'application/json');
        const isUnacceptable = !isOffered && headers['Accept'] !== '*/*';
        expect(isUnacceptable ? [406, 400] : [200, 400]).toContain(answer.status);
        if (method === 'HEAD' || isUnacceptable) return;
        if (answer.status === 400) {
          expect(RULES_BETWEEN).toContain(codeOf(answer));
          return;
        }
        if (!has('format')) return;
        const [format = 'published'] = query['format'] ?? [];
        const logs = logsOf(answer);
        expect(String(logs.length)).toBe(answer.headers['number-of-results']);
        const schema = schemaOfLogs(format, path);
        for (const log of logs) expect(problemOf(schema, log)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  test.each(has('format') ? ['application/json', 'application/x-ndjson'] : [])(
    'has every format in %s',
    async (Accept) => {
      for (const format of FORMAT_NAMES) {
        const query = { ...all, format: [format] };
        const answer = await ask(method, path, query, { apiKey: RIGHT_KEY, Accept });
        expect([answer.status, answer.headers['content-type']]).toEqual([200, Accept]);
        expectDescribed(operation, answer);
        if (method === 'HEAD') continue;
        const logs = logsOf(answer);
        expect(logs.length).toBeGreaterThan(9);
        for (const log of logs) expect(problemOf(schemaOfLogs(format, path), log)).toBeUndefined();
      }
    },
  );

  test.each(inQuery.map((parameter) => [parameter.name, parameter] as const))(
    'refuses any value of %s that is not valid, and the same parameter twice',
    async (name, parameter) => {
      const refuses = async (query: Query, headers: Record<string, string>, values: string[]) => {
        // With a cursor, the feed does not look at its start_time.
        const { cursor: _, ...others } = query;
        const base = name === 'cursor' ? query : others;
        const answer = await ask(method, path, { ...base, [name]: values }, headers);
        expect([name, values, answer.status]).toEqual([name, values, 400]);
        expectDescribed(operation, answer);
        if (method === 'GET') expect(codeOf(answer)).not.toMatch(/^(?:unknown_parameter|missing_parameter)$/);
      };
      for (const mistake of mistakesIn(parameter)) await refuses(all, { apiKey: RIGHT_KEY }, [mistake]);
      await fc.assert(
        fc.asyncProperty(queries, anyHeaders, anyInvalid(parameter), async (query, headers, wrong) => {
          await refuses(query, headers, [wrong]);
          const [valid = ''] = query[name] ?? [];
          await refuses(query, headers, [valid, valid]);
        }),
        { numRuns: 15 },
      );
    },
  );

  test('refuses a parameter that it does not have, and the lack of one that it requires', async () => {
    const required = inQuery.filter((parameter) => parameter.required).map(({ name }) => name);
    await fc.assert(
      fc.asyncProperty(
        queries,
        anyHeaders,
        fc.constantFrom('other', ...required),
        async (query, headers, name) => {
          // A cursor at random is none of an answer, and the feed may say that first.
          const { [name]: isRequired, cursor: _, ...others } = query;
          const answer = await ask(method, path, isRequired ? others : { ...others, [name]: ['x'] }, headers);
          expect(answer.status).toBe(400);
          expectDescribed(operation, answer);
          if (method === 'GET')
            expect(codeOf(answer)).toBe(isRequired ? 'missing_parameter' : 'unknown_parameter');
        },
      ),
      { numRuns: 20 },
    );
  });

  test('refuses another key, whatever the rest', async () => {
    await fc.assert(
      fc.asyncProperty(queries, anyWrongKey, async (query, key) => {
        const answer = await ask(method, path, query, key);
        expect(answer.status).toBe(401);
        expectDescribed(operation, answer);
      }),
      { numRuns: 20 },
    );
  });

  test('refuses an application that the key does not open', async () => {
    const ofAll = await ask(method, path, all, { apiKey: PLAYER_KEY });
    if (!has('app_type')) {
      // the answer is of the whole service
      expectDescribed(operation, ofAll);
      expect(ofAll.status).toBe(403);
      return;
    }
    expect(ofAll.status).toBe(200);
    const query = { ...all, app_type: ['builder'] };
    const answer = await ask(method, path, query, { apiKey: PLAYER_KEY });
    expect(answer.status).toBe(403);
    expectDescribed(operation, answer);
    if (method === 'GET') expect(codeOf(answer)).toBe('application_not_allowed');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'says to %s what the document says',
    async (other) => {
      const answer = await ask(other, path, {});
      expect(answer.status).toBe(405);
      expect(undescribed(operation.otherMethods, answer, true)).toEqual([]);
    },
  );

  test.each<[Record<string, string>, string]>([
    [{ Accept: 'text/html' }, 'not_acceptable'],
    [{ 'Accept-Encoding': 'identity;q=0' }, 'no_acceptable_encoding'],
  ])('refuses %j', async (headers, code) => {
    const answer = await ask(method, path, all, { apiKey: RIGHT_KEY, ...headers });
    expect(answer.status).toBe(406);
    expectDescribed(operation, answer);
    if (method === 'GET') expect(codeOf(answer)).toBe(code);
  });

  test.each<[Condition, number, number]>([
    ['logs may be missing', 200, 200],
    ['too much for an answer', 408, 200],
    ['no time is left', 408, 200],
    ['the store is unavailable', 503, 503],
    ['the cursor is ahead', 200, 400],
    ['a fault of the service', 500, 500],
    ['the function crashes', 502, 502],
    ['the function hangs', 504, 504],
    ['too many requests', 429, 429],
  ])('answers as it says if %s', async (condition, ofWindow, ofFeed) => {
    served.meet(condition);
    const answer = await ask(method, path, all);
    if (has('format')) expect(answer.status).toBe(has('cursor') ? ofFeed : ofWindow);
    expectDescribed(operation, answer);
  });

  test('answers as it says if the gateway refuses the request', async () => {
    const answer = await ask(method, path, {}, { apiKey: 'x'.repeat(11_000) });
    expect(answer.status).toBe(431);
    expectDescribed(operation, answer);
  });
});

test.each(['/api/other', '/api', ''])(
  'a path that the document does not have (%s) is answered as it says',
  async (path) => {
    const answer = await ask('GET', path, {});
    expect(answer.status).toBe(403);
    expect(undescribed(OTHER_PATHS, answer, true)).toEqual([]);
  },
);
