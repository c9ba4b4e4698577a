import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { newMessage } from '../../../local/emulator/sqs/message.ts';
import { replayedAnnouncement } from '../../../shared/event/announcement.ts';
import { startDeliveringFixture } from '../../local/fixtures/delivering-fixture.ts';
import { runSecurityLogs } from './memory-terminal.ts';
import { refusal, startScriptedService, whole } from './scripted-service.ts';

let stack: Awaited<ReturnType<typeof startDeliveringFixture>>;
beforeAll(async () => {
  stack = await startDeliveringFixture();
});
afterAll(() => stack.close());

const operate = (...args: string[]) => runSecurityLogs([...args, '--endpoint-url', stack.awsUrl]);
const statusNow = async () => JSON.parse((await operate('status', '--format', 'json')).stdout);

describe('pause and resume', () => {
  test('switch the delivery, and say how much waits', async () => {
    expect(await statusNow()).toEqual({ delivery: 'on', new: 0, retries: 0, deadLetters: 0 });
    expect(await operate('pause')).toMatchObject({ status: 0, stdout: 'paused\n' });
    await stack.queue('DeliveryQueue').send([newMessage('{}'), newMessage('{}')]);
    await stack.queue('DeliveryRetries').send([newMessage('{}')], 900_000);
    expect(await statusNow()).toEqual({ delivery: 'paused', new: 2, retries: 1, deadLetters: 0 });
    expect((await operate('status')).stdout).toContain('delivery      paused');
    // It is no error that it is paused already.
    expect(await operate('pause')).toMatchObject({
      status: 0,
      stdout: 'paused\n',
      stderr: expect.stringContaining('2 new logs and 1 failed log wait'),
    });
    expect(await operate('resume')).toMatchObject({ status: 0, stdout: 'resumed\n' });
    await vi.waitFor(async () => expect(await statusNow()).toMatchObject({ delivery: 'on', new: 0 }));
  });

  test('say which function they look for', async () => {
    const { status, stderr } = await operate('pause', '--function', 'other');
    expect([status, stderr]).toEqual([1, expect.stringContaining('other does not deliver security logs')]);
  });
});

describe('test', () => {
  test('writes what became of it', async () => {
    const { status, stdout } = await operate('test');
    expect([status, JSON.parse(stdout)]).toEqual([0, { outcome: 'delivered', id: 'test-1', durationMs: 7 }]);
  });

  test('has a status of its own if the service did not take it', async () => {
    const failing = await startDeliveringFixture('failed');
    try {
      const { status, stdout } = await runSecurityLogs(['test', '--endpoint-url', failing.awsUrl]);
      expect([status, JSON.parse(stdout).outcome]).toEqual([5, 'failed']);
    } finally {
      await failing.close();
    }
  });
});

const AT = '2026-11-21T09:00:00.123Z';
const delivery = (id: string, state: string, more: object = {}) => ({
  id: `player-20261121T090000123Z-${id}`,
  state,
  app_type: 'player',
  '@timestamp': AT,
  event_id: id,
  last_attempt_at: '2026-11-21T10:00:00.000Z',
  ...more,
});
const answer = (deliveries: readonly object[], more: Record<string, string> = {}) =>
  whole(deliveries.map((each) => `${JSON.stringify(each)}\n`).join(''), {
    'number-of-results': String(deliveries.length),
    ...more,
  });

describe('deliveries', () => {
  let service: Awaited<ReturnType<typeof startScriptedService>>;
  afterEach(() => service.close());

  test('asks until there is no more, and writes a table or lines', async () => {
    const page = () => [
      answer([delivery('a', 'failed', { status: 503, reason: 'the service answered 503', attempts: 2 })], {
        'next-cursor': 'on',
      }),
      answer([delivery('b', 'waiting', { reason: 'red\u001b[31m' })]),
    ];
    service = await startScriptedService(...page(), ...page());
    const asked = ['deliveries', '--url', service.url, '--since', '20261121090000', '--state', 'undelivered'];
    const table = await runSecurityLogs(asked);
    expect(table.status).toBe(0);
    expect(table.stdout.split('\n')).toEqual([
      expect.stringMatching(/^STATE +EVENT AT +ATTEMPTS +STATUS +NEXT ATTEMPT +ID {2}REASON$/),
      expect.stringMatching(/^failed .* 2 +503 +- +player-.*-a {2}the service answered 503$/),
      expect.stringMatching(/^waiting .* - +- .*player-.*-b {2}red.\[31m$/),
      '',
    ]);
    expect(table.stdout).not.toContain('\u001b');
    expect(table.stderr).toContain('2 logs: 1 failed, 1 waiting');
    expect(service.requests.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
      { limit: '10000', state: 'undelivered', start_time: '2026-11-21T09:00:00.000Z' },
      { limit: '10000', state: 'undelivered', start_time: '2026-11-21T09:00:00.000Z', cursor: 'on' },
    ]);
    const lines = await runSecurityLogs([...asked, '--format', 'ndjson']);
    expect(
      lines.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).event_id),
    ).toEqual(['a', 'b']);
  });

  test('asks for single logs by their ids', async () => {
    service = await startScriptedService(answer([delivery('a', 'delivered')]), answer([]));
    const { status } = await runSecurityLogs(['deliveries', '--url', service.url, '--id', 'x', '--id', 'y']);
    expect([status, service.requests.map(({ search }) => search)]).toEqual([0, ['?id=x', '?id=y']]);
  });

  test('ends with 3 if the service refuses', async () => {
    service = await startScriptedService(refusal(404, { code: 'no_custom_service', message: 'none' }));
    expect(await runSecurityLogs(['deliveries', '--url', service.url])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('no_custom_service'),
    });
  });
});

test.each([
  [['deliveries', '--state', 'lost']],
  [['deliveries', '--state', 'all,failed']],
  [['deliveries', '--id', 'a', '--since', '-1h']],
  [['deliveries', '--since', '-1h', '--until', '-2h']],
  [['replay']],
  [['replay', '--id', 'a', '--failed-since', '-1h']],
  [['replay', '--since', '-1h', '--rate', '-1']],
])('%j is wrong usage', async (args) => {
  expect((await runSecurityLogs(args)).status).toBe(2);
});

describe('replay', () => {
  const bodies = async (name: string) =>
    (await stack.queue(name).receive(10, 0)).map(({ body, receiptHandle }) => {
      stack.queue(name).changeVisibility(receiptHandle, 0);
      return JSON.parse(body).detail.id;
    });
  const replayWith = async (deliveries: readonly object[], ...args: string[]) => {
    const service = await startScriptedService(answer(deliveries));
    try {
      return { ...(await operate('replay', '--url', service.url, ...args)), asked: service.requests };
    } finally {
      await service.close();
    }
  };

  test('sends what is meant to the retry queue, each log once, and takes its dead letters away', async () => {
    await operate('pause');
    const dead = stack.queue('DeliveryQueueDeadLetters');
    const deadLetter = (id: string) => newMessage(replayedAnnouncement('player', Date.parse(AT), id));
    await dead.send([deadLetter('a'), deadLetter('other'), newMessage('no JSON')]);
    const found = [delivery('a', 'failed'), delivery('a', 'failed'), delivery('gone', 'expired')];
    const { status, stdout, stderr, asked } = await replayWith(found, '--since', '-1h', '--rate', '0');
    expect([status, stdout]).toEqual([0, 'player-20261121T090000123Z-a\n']);
    expect(stderr).toContain('1 log to send; 1 have expired');
    expect(stderr).toContain('the delivery is paused');
    expect(stderr).toContain('1 dead letter of these logs deleted');
    expect(asked[0]?.searchParams.get('state')).toBe('undelivered');
    expect(await bodies('DeliveryRetries')).toEqual(['a']);
    await vi.waitFor(() => expect(dead.counts()).toMatchObject({ visible: 2, inFlight: 0 }));
    await operate('resume');
  });

  test('chooses what failed since a time, and sends nothing in a dry run', async () => {
    const found = [
      delivery('late', 'failed'),
      delivery('early', 'failed', { last_attempt_at: '2026-11-21T09:59:59.999Z' }),
      delivery('never', 'failed', { last_attempt_at: undefined }),
    ];
    const { stdout, stderr, asked } = await replayWith(
      found,
      '--failed-since',
      '2026-11-21T10:00:00Z',
      '--dry-run',
    );
    expect(stdout).toBe('player-20261121T090000123Z-late\n');
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({ limit: '10000', state: 'failed' });
    expect(stderr).toContain('1 log to send');
    expect(stderr).not.toContain(' sent');
  });
});
