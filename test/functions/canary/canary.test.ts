import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { canary } from '../../../functions/canary/canary.ts';
import { canaryReport } from '../../../functions/canary/report.ts';
import { formatKeyDocument } from '../../../shared/keys/key-secret.ts';
import type { MarkedEvent } from '../../../shared/round-trip/marked-event.ts';

const KEY = 'k'.repeat(48);
const secret = formatKeyDocument([
  { name: 'siem', key: 's'.repeat(48) },
  { name: 'canary', key: KEY, application: 'builder' },
]);

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

/** What the latest run published. */
const published: [source: string, event: MarkedEvent][] = [];

/** One run against an API that answers so: what it counted and logged. */
async function runAgainst(answer: RequestListener, { keyName = 'canary', lastsMs = 60_000 } = {}) {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const counted: Record<string, number> = {};
  const logged: unknown[] = [];
  published.length = 0;
  const run = canary({
    apiUrl: `${url}/window`,
    feedUrl: `${url}/feed`,
    readSecret: async () => secret,
    keyName,
    action: 'OPENED',
    publish: async (...event) => {
      published.push(event);
    },
    timeoutMs: 300,
    now: Date.now,
    report: canaryReport(
      { error: (_, ...fields) => void logged.push(...fields) },
      {
        addMetric: (name, _, value) => {
          counted[name] = value;
          return undefined as never;
        },
      },
    ),
  });
  await run(AbortSignal.timeout(lastsMs));
  return { counted, logged };
}

/** Answers with the lines that a way of reading has. */
const having =
  (linesOf: (url: URL) => string): RequestListener =>
  ({ url = '', headers }, response) => {
    if (headers['apikey'] !== KEY) return void response.writeHead(401).end();
    const lines = linesOf(new URL(url, 'http://localhost'));
    const results = lines === '' ? 0 : 1;
    response.writeHead(200, { 'Number-Of-Results': results, 'Feed-Cursor': 'next' }).end(lines);
  };
test('a run whose log can be read has passed, with the freshness of either way', async () => {
  const wanted = ({ searchParams }: URL): string => {
    const event = published.find(([, { label }]) => label.rid === searchParams.get('rid'))?.[1];
    return event === undefined ? '' : `${JSON.stringify(event)}\n`;
  };
  const { counted, logged } = await runAgainst(having(wanted));
  expect(logged).toEqual([]);
  expect(counted).toEqual({
    WindowFreshness: expect.any(Number),
    FeedFreshness: expect.any(Number),
    CanaryFailed: 0,
  });
  expect(Math.max(...Object.values(counted))).toBeLessThan(60);
});

test('a run that nothing comes back from in time has failed, without a freshness', async () => {
  const { counted, logged } = await runAgainst(having(() => ''));
  expect(counted).toEqual({ CanaryFailed: 1 });
  expect(logged).toEqual([
    { reason: expect.stringMatching(/^the window has the log: the log is not there in time/) },
  ]);
  expect(published).toMatchObject([
    ['easysend.builder', { service: { environment: 'security-logs-canary' } }],
  ]);
  expect(published[0]?.[1].label.rid).toMatch(/^security-logs-canary-[0-9a-f-]{36}$/);
});

test('a run that the API refuses has failed, and publishes nothing', async () => {
  const { counted, logged } = await runAgainst((_, response) => response.writeHead(401).end());
  expect(counted).toEqual({ CanaryFailed: 1 });
  expect(logged).toEqual([{ reason: 'the end of the feed is read: status 401' }]);
  expect(published).toEqual([]);
});

test('a run without its key has failed, and says which keys there are', async () => {
  const { counted, logged } = await runAgainst(
    having(() => ''),
    { keyName: 'another' },
  );
  expect(counted).toEqual({ CanaryFailed: 1 });
  expect(logged).toEqual([
    { reason: 'the key of the API is read: the secret has no key another; it has: siem, canary' },
  ]);
});

test('a run that hangs has failed when its time is up', async () => {
  const { counted, logged } = await runAgainst(() => {}, { lastsMs: 100 });
  expect([counted, logged]).toEqual([{ CanaryFailed: 1 }, [{ reason: 'the run took too long' }]]);
});
