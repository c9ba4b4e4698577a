import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import { SAFE_DETAIL_BYTES } from '../../shared/event/bus-limits.ts';
import { securityLogSchema } from '../../shared/log/security-log.ts';
import { API_KEY, between, type RunningStack, startRunningStack } from './running-stack.ts';

const HOUR = 3_600_000;

let stack: RunningStack;
beforeAll(async () => {
  stack = await startRunningStack();
});
afterAll(() => stack.close());

/** Each test has an hour of its own, so that tests do not meet in the table. */
let hours = 0;
const freshHour = () => {
  const from = Date.UTC(2026, 0, 1) + hours++ * HOUR;
  return { from, window: between(from, from + HOUR), at: (ms: number) => new Date(from + ms).toISOString() };
};

describe('events that were published', () => {
  test('come back, one of each action, completed, in the order of their time', async () => {
    const { window, at } = freshHour();
    const details = EVENT_ACTIONS.map((action, i) => ({
      '@timestamp': at(1000 * i),
      event: { action, id: `sample-${i}` },
      url: { full: 'https://digital.acme-insurance.example/wf?rid=1' },
    }));
    await stack.publishDetails(details.toReversed());
    const { status, headers, body, logs } = await stack.askUntil(window, EVENT_ACTIONS.length);
    expect(status).toBe(200);
    expect(headers.get('number-of-results')).toBe('9');
    expect(headers.get('number-of-pages')).toBe('1');
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual([{ pageNumber: 1, results: 9, securityLogs: logs }]);
    expect(logs).toEqual(
      EVENT_ACTIONS.map((action, i) => ({
        ecs: { version: '8.11.0' },
        '@timestamp': at(1000 * i),
        event: { action },
        url: {
          full: 'https://digital.acme-insurance.example/wf?rid=1',
          domain: 'digital.acme-insurance.example',
        },
        label: { app_type: 'player' },
      })),
    );
    for (const log of logs) expect(securityLogSchema.parse(log)).toEqual(log);
  });

  test('of both applications come back together, or one at a time', async () => {
    const { window, at } = freshHour();
    const Detail = JSON.stringify({ '@timestamp': at(5), event: { action: 'OPENED', id: 'both' } });
    await stack.publish([{ Detail }, { Detail, Source: 'easysend.builder' }]);
    await stack.askUntil(window, 2);
    for (const application of ['player', 'builder']) {
      const { logs } = await stack.ask({ ...window, app_type: application });
      expect(logs.map((log) => log.label.app_type)).toEqual([application]);
    }
  });

  test('any number of times are one log', async () => {
    const { window, at } = freshHour();
    const copy = { '@timestamp': at(7), event: { action: 'COMPLETED', id: 'copy' } };
    const marker = { '@timestamp': at(9), event: { action: 'COMPLETED', id: 'published last' } };
    await stack.publishDetails(Array.from({ length: 45 }, () => copy));
    await stack.publishDetails([marker]);
    const { logs } = await stack.askUntil(window, 2);
    expect(logs.map((log) => log['@timestamp'])).toEqual([at(7), at(9)]);
  });

  test('with large numbers for ids are as many logs, and their numbers keep their digits', async () => {
    const { window, at } = freshHour();
    const numbers = ['1234567890123456780', '1234567890123456781', '1e400', '1.0'];
    await stack.publish(
      numbers.map((n) => ({
        Detail: `{"@timestamp":"${at(3)}","event":{"action":"OPENED","id":${n}},"label":{"rid":${n}}}`,
      })),
    );
    const { logs } = await stack.askUntil(window, numbers.length);
    expect(logs.map((log) => log.label.rid)).toEqual(numbers.toSorted());
  });

  test('late are found where they happened, however long ago or far ahead that is', async () => {
    const instants = ['1970-01-01T00:00:00.000Z', '2001-09-09T01:46:40.000Z', '9999-12-31T23:59:58.999Z'];
    await stack.publishDetails(
      instants.map((instant) => ({ '@timestamp': instant, event: { action: 'OPENED', id: 'late' } })),
    );
    for (const instant of instants) {
      const second = Math.floor(Date.parse(instant) / 1000) * 1000;
      const { logs } = await stack.askUntil(between(second, second + 1000), 1);
      expect(logs.map((log) => log['@timestamp'])).toEqual([instant]);
    }
  });

  test('without a time have that of their publication', async () => {
    const before = Date.now() - 2000;
    await stack.publishDetails([{ event: { action: 'LINK_SENT' }, label: { rid: 'without a time' } }]);
    const { logs } = await stack.askUntil(between(before, Date.now() + 10_000), 1);
    expect(logs.find((log) => log.label.rid === 'without a time')).toBeDefined();
  });

  test('in consecutive windows are each in exactly one of them', async () => {
    const { from, window, at } = freshHour();
    const details = Array.from({ length: 60 }, (_, i) => ({
      '@timestamp': at(i * 500),
      event: { action: 'OPENED', id: String(i) },
    }));
    await stack.publishDetails(details);
    await stack.askUntil(window, 60);
    const found: string[] = [];
    for (let second = 0; second < 30; second += 10) {
      const { logs } = await stack.ask(between(from + second * 1000, from + (second + 10) * 1000));
      found.push(...logs.map((log) => log['@timestamp']));
    }
    expect(found).toEqual(details.map((detail) => detail['@timestamp']));
  });
});

describe('an empty window', () => {
  test.each([
    ['of the past', { start_time: '19990101000000', end_time: '19990101000001' }],
    ['that begins later than now', { start_time: '29990101000000' }],
    ['of the future', { start_time: '29990101000000', end_time: '29990102000000' }],
    ['that ends where it begins', { start_time: '20260101000000', end_time: '20260101000000' }],
    ['before 1970', { start_time: '19600101000000', end_time: '19600102000000' }],
  ])('%s is an empty array', async (_, window) => {
    const { status, headers, body } = await stack.ask(window);
    expect(status).toBe(200);
    expect([headers.get('number-of-pages'), headers.get('number-of-results')]).toEqual(['0', '0']);
    expect(body).toEqual([]);
  });
});

describe('a wrong request', () => {
  test.each([
    ['', 'missing_parameter', 'start_time'],
    ['end_time=20260101000000', 'missing_parameter', 'start_time'],
    ['start_time=yesterday', 'invalid_time', '"yesterday"'],
    ['start_time=20260230000000', 'invalid_time', '"20260230000000"'],
    ['start_time=20260101000000&end_time=', 'invalid_time', 'end_time'],
    ['start_time=20260101000000&end_time=20250101000000', 'invalid_window', '20250101000000'],
    [
      'start_time=20260101000000&end_time=20260102000000&end_type=20260103000000',
      'conflicting_parameters',
      '20260103000000',
    ],
    ['start_time=20260101000000&app_type=admin', 'invalid_app_type', '"admin"'],
    ['start_time=20260101000000&page=2', 'unknown_parameter', '"page"'],
    ['start_time=20260101000000&start_time=20260102000000', 'repeated_parameter', 'start_time'],
  ])('%j is a 400 that says what is wrong', async (query, code, word) => {
    const { status, headers, body } = await stack.ask(query);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body.error.code).toBe(code);
    expect(body.error.message).toContain(word);
    expect(Object.keys(body)).toEqual(['error']);
  });

  test.each([
    ['no key', {}],
    ['an empty key', { apiKey: '' }],
    ['a wrong key', { apiKey: 'wrong' }],
    ['the key in another header', { 'api-key': 'the key of the test' }],
  ])('with %s is a 401, before anything else is looked at', async (_, headers) => {
    for (const query of ['start_time=20260101000000', 'start_time=nonsense', '']) {
      const { status, body } = await stack.ask(query, headers as Record<string, string>);
      expect(status).toBe(401);
      expect(body).toEqual({ error: { code: 'unauthorized', message: expect.any(String) } });
    }
  });

  test('that accepts no encoding at all is a 406', async () => {
    const { status, body } = await stack.ask('start_time=20260101000000', {
      apiKey: API_KEY,
      'accept-encoding': 'identity;q=0',
    });
    expect(status).toBe(406);
    expect(body.error.code).toBe('no_acceptable_encoding');
  });

  test.each(['/api', '/api/get-security-logs/', '/', '/api/get-security-logs/x'])(
    'to the unknown path %s is a 403 of the gateway in the same shape',
    async (path) => {
      const response = await fetch(`${stack.gatewayUrl}/player${path}`);
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({
        error: { code: expect.any(String), message: expect.any(String) },
      });
    },
  );
});

describe('an event that cannot be a log', () => {
  const reasons = async (count: number) => {
    const sqs = new SQSClient({
      endpoint: stack.awsUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    const received: Array<{
      detail: { reason: { code: string }; event?: { detail: unknown }; cutEvent?: { bytes: number } };
    }> = [];
    while (received.length < count) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: stack.outputs['RejectedQueueUrl'],
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
        }),
      );
      received.push(...Messages.map(({ Body = '' }) => JSON.parse(Body)));
    }
    sqs.destroy();
    return received.map(({ detail }) => [detail.reason.code, detail.event?.detail ?? detail.cutEvent]);
  };

  test('lies in the rejected queue, once, whole if it fits, with the reason', async () => {
    const opened = { event: { action: 'OPENED' } };
    const events = [
      { Detail: {}, code: 'missing_action' },
      { Detail: { event: {} }, code: 'missing_action' },
      { Detail: { event: { action: 'BOGUS' } }, code: 'unknown_action' },
      { Detail: { event: { action: null } }, code: 'unknown_action' },
      { Detail: { event: { action: 7, 'extra"': ['\u0000', '\ud83d'] } }, code: 'unknown_action' },
      // of an array, EventBridge sees a known action and an unknown one
      { Detail: { event: { action: ['OPENED', 'BOGUS'] } }, code: 'unknown_action' },
      { Detail: { event: [{ action: 'OPENED' }, { action: 'BOGUS' }] }, code: 'missing_action' },
      { Detail: opened, Source: 'easysend.playr', code: 'unknown_source' },
      { Detail: opened, DetailType: 'security event', code: 'unknown_detail_type' },
      { Detail: opened, Source: 'security-logs', DetailType: 'Security Log Stord', code: 'unknown_source' },
    ];
    await stack.publish(
      events.map(({ Detail, code, ...entry }) => ({ ...entry, Detail: JSON.stringify(Detail) })),
    );
    const large = JSON.stringify({ event: {}, padding: 'x'.repeat(SAFE_DETAIL_BYTES - 25) });
    expect(large.length).toBe(SAFE_DETAIL_BYTES);
    await stack.publish([{ Detail: large }]);
    const received = await reasons(events.length + 1);
    const ofLarge = received.find(([, detail]) => (detail as { bytes?: number }).bytes !== undefined);
    expect(ofLarge).toEqual([
      'missing_action',
      {
        beginning: expect.stringContaining('"padding":"xxx'),
        bytes: expect.any(Number),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    const byText = (pairs: unknown[][]) => pairs.map((pair) => JSON.stringify(pair)).sort();
    const others = received.filter((each) => each !== ofLarge);
    expect(byText(others)).toEqual(byText(events.map(({ code, Detail }) => [code, Detail])));
  });

  test('does not even reach the bus if it is no JSON object', async () => {
    const details = ['no json', '[]', '"text"', '7', 'null', ''];
    const [response] = await stack.publish(details.map((Detail) => ({ Detail })));
    expect(response?.FailedEntryCount).toBe(details.length);
    expect(response?.Entries?.slice(0, 5).map(({ ErrorCode }) => ErrorCode)).toEqual(
      new Array(5).fill('MalformedDetail'),
    );
  });
});
