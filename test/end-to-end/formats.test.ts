import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import { OUTCOME_OF } from '../../shared/event/outcome.ts';
import { keyedDigest } from '../../shared/log/keyed-digest.ts';
import { logProtector, type PersonalData } from '../../shared/log/personal-data.ts';
import { ECS_SCHEMAS, ecsProblems } from '../fixtures/ecs-schema.ts';
import { FULL_LOG } from '../fixtures/full-log.ts';
import { OCSF_VALIDATORS } from '../fixtures/ocsf-schema.ts';
import { withVariables } from './changed-template.ts';
import { idsOf, START, samples } from './delivering-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { API_KEY, between, type RunningStack, startRunningStack } from './running-stack.ts';

/** Formats, filters and lines through the whole stack (docs/formats.md): windows, the feed, and a custom service. */

const DETAILS = samples('format');
const WINDOW = between(START, START + 60_000);
/** None of these fields is in the samples. */
const PERSONAL_DATA: PersonalData = {
  drop: ['url.full', 'user_agent.original'],
  hash: ['client.ip', 'label.source_value'],
};
const HASH_KEY_SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:hash-key-AbCdEf';
const HASH_KEY = 'a key of the test that is long enough for it';
const NDJSON = { Accept: 'application/x-ndjson' };

let receiver: Receiver;
let stack: RunningStack;
let feedUrl: string;
beforeAll(async () => {
  receiver = await startReceiver();
  const service = { type: 'https', url: receiver.url, allowedPrivateHosts: ['127.0.0.1'] };
  const DELIVERY = JSON.stringify({
    method: 'api-and-custom-service',
    service,
    format: 'ocsf',
    ocsfVersion: '1.8.0',
  });
  const withDelivery = withVariables({ DELIVERY });
  const withUser = withVariables({ OCSF_USER: '{"name":"someone"}' });
  const withPersonalData = withVariables(
    { PERSONAL_DATA: JSON.stringify(PERSONAL_DATA), HASH_KEY_SECRET_ARN: HASH_KEY_SECRET },
    ['PERSONAL_DATA'],
  );
  stack = await startRunningStack({
    assembly: inject('deliveringAssembly'),
    secrets: { [HASH_KEY_SECRET]: HASH_KEY },
    patchTemplate: (template) => withPersonalData(withUser(withDelivery(template))),
  });
  feedUrl = stack.url.replace('get-security-logs', 'security-logs/feed');
  await stack.publishDetails(DETAILS);
  await stack.askUntil(WINDOW, DETAILS.length);
});
afterAll(async () => {
  await stack.close();
  await receiver.close();
});

type Log = Record<string, unknown>;

async function get(url: string, parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}?${new URLSearchParams(parameters)}`, {
    headers: { apiKey: API_KEY, ...headers },
  });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

const linesIn = (body: string): Log[] =>
  body
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

const READERS: [string, (choice: Record<string, string>) => Promise<Log[]>][] = [
  [
    'a window as pages',
    async (choice) =>
      JSON.parse((await get(stack.url, { ...WINDOW, ...choice })).body).flatMap(
        ({ securityLogs }: { securityLogs: Log[] }) => securityLogs,
      ),
  ],
  [
    'a window as lines',
    async (choice) => linesIn((await get(stack.url, { ...WINDOW, ...choice }, NDJSON)).body),
  ],
  ['the feed as JSON', async (choice) => JSON.parse((await get(feedUrl, choice)).body).events],
  ['the feed as lines', async (choice) => linesIn((await get(feedUrl, choice, NDJSON)).body)],
];

describe.each(READERS)('%s', (_, read) => {
  test('has every log in ECS, with its id and when it was stored', async () => {
    const documents = await read({ format: 'ecs' });
    for (const document of documents)
      for (const schema of Object.values(ECS_SCHEMAS)) expect(ecsProblems(schema, document)).toEqual([]);
    const events = documents.map(({ event }) => event as { id: string; created: string });
    expect(events.map(({ id }) => id).toSorted()).toEqual(idsOf(DETAILS));
    for (const { created } of events)
      expect(Math.abs(Date.parse(created) - Date.now())).toBeLessThan(10 * 60_000);
  });

  test.each(OCSF_VALIDATORS)(
    'has every log in OCSF %s, with the user of the settings',
    async (version, problems) => {
      const events = await read({ format: 'ocsf', ocsf_version: version });
      for (const event of events) expect(problems(event)).toEqual([]);
      const metadata = events.map((event) => event['metadata'] as { uid: string; version: string });
      expect(metadata.map(({ uid }) => uid).toSorted()).toEqual(idsOf(DETAILS));
      expect(new Set(metadata.map((each) => each.version))).toEqual(new Set([version]));
      const users = events.flatMap(({ user }) => (user === undefined ? [] : [user]));
      expect(users).toEqual(Array(4).fill({ name: 'someone' }));
    },
  );

  test('has only the logs that match', async () => {
    const actionsOf = (logs: Log[]): string[] =>
      logs.map(({ event }) => (event as { action: string }).action).toSorted();
    const failures = EVENT_ACTIONS.filter((action) => OUTCOME_OF[action] === 'failure').toSorted();
    expect(actionsOf(await read({ outcome: 'failure' }))).toEqual(failures);
    expect(actionsOf(await read({ action: 'Authentication,OPENED', outcome: 'none' }))).toEqual([
      'CheckAuthResponseMissingCredentials',
      'OPENED',
    ]);
    expect(actionsOf(await read({ rid: 'format-8' }))).toEqual([EVENT_ACTIONS[8]]);
    expect(await read({ rid: 'format' })).toEqual([]);
  });
});

describe('a window', () => {
  test('in descending order is the reverse', async () => {
    const [, read] = READERS[0] as (typeof READERS)[number];
    const ascending = await read({});
    expect(ascending).toHaveLength(DETAILS.length);
    expect(await read({ order: 'desc' })).toEqual(ascending.toReversed());
  });

  test('of lines ends with a line that counts them, where that is asked for', async () => {
    const { headers, body } = await get(stack.url, { ...WINDOW, end: 'line' }, NDJSON);
    expect([headers.get('number-of-results'), headers.get('number-of-pages')]).toEqual(['9', null]);
    expect(headers.get('content-type')).toBe('application/x-ndjson');
    expect(linesIn(body).at(-1)).toEqual({ _end: true, count: 9 });
    expect(linesIn(body)).toHaveLength(10);
  });

  test('of pages with an end line, and a wrong choice, are refused', async () => {
    for (const [choice, code] of [
      [{ end: 'line' }, 'invalid_end'],
      [{ format: 'x' }, 'invalid_format'],
      [{ ocsf_version: '1.8.0' }, 'invalid_ocsf_version'],
      [{ order: 'up' }, 'invalid_order'],
    ] as [Record<string, string>, string][]) {
      const { status, body } = await get(stack.url, { ...WINDOW, ...choice });
      expect([status, JSON.parse(body).error.code]).toEqual([400, code]);
    }
  });
});

test('the feed links to the next answer of the same choice', async () => {
  const choice = { format: 'ecs', outcome: 'none', limit: '2' };
  const ids: string[] = [];
  for (let url = `${feedUrl}?${new URLSearchParams(choice)}`; url !== ''; ) {
    const response = await fetch(url, { headers: { apiKey: API_KEY } });
    const { events } = (await response.json()) as { events: { event: { id: string; kind: string } }[] };
    for (const { event } of events) expect(event.kind).toBe('event');
    ids.push(...events.map(({ event }) => event.id));
    url = /<(.+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? '';
  }
  const wanted = DETAILS.filter(({ event }) => OUTCOME_OF[event.action] === 'none');
  expect(ids.toSorted()).toEqual(idsOf(wanted));
});

test('a custom service gets each log in the format of the settings', async () => {
  await receiver.until(DETAILS.length);
  const [, problems] = OCSF_VALIDATORS.find(([version]) => version === '1.8.0') ?? expect.fail();
  const events = receiver.received.map(({ body }) => JSON.parse(body.toString()));
  for (const event of events) expect(problems(event)).toEqual([]);
  const ids = new Set(events.map(({ metadata }) => metadata.uid));
  expect([...ids].toSorted()).toEqual(idsOf(DETAILS));
  expect(events.filter(({ user }) => user?.name === 'someone').length).toBeGreaterThanOrEqual(4);
});

/** Comes last: the tests above count the logs. */
test('nobody gets what is dropped or hashed before storing, in any format', async () => {
  const at = START + 120_000;
  const window = between(at, at + 1000);
  const log = { ...FULL_LOG, '@timestamp': new Date(at).toISOString() };
  const detail = { ...log, event: { ...log.event, id: 'personal' } };
  await stack.publishDetails([detail, detail]);
  const { logs } = await stack.askUntil(window, 1);
  expect(logs).toEqual([logProtector(PERSONAL_DATA, keyedDigest(HASH_KEY))(log)]);
  expect(logs[0]?.user_agent?.name).toBe(log.user_agent?.name);

  await receiver.until(DETAILS.length + 1);
  const delivered = receiver.received.map(({ body }) => body.toString());
  const answers = [...delivered];
  for (const format of ['published', 'ecs', 'ocsf']) {
    const { status, body } = await get(stack.url, { ...window, format });
    const feed = await get(feedUrl, { format });
    expect([status, feed.status]).toEqual([200, 200]);
    answers.push(body, feed.body);
  }
  const text = answers.join('\n');
  const { client, label, url, user_agent } = FULL_LOG;
  for (const value of [client?.ip, label.source_value, url?.full, user_agent?.original])
    expect(text).not.toContain(value);
  expect(delivered.join('\n')).toContain(logs[0]?.client?.ip);
  expect(delivered.join('\n')).toContain(logs[0]?.label.source_value);
});
