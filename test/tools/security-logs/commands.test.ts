import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import { checkEvent } from '../../../tools/security-logs/check/check-event.ts';
import { readTime } from '../../../tools/security-logs/options.ts';
import { readRejection } from '../../../tools/security-logs/rejections/rejection.ts';
import { rejectionSummary } from '../../../tools/security-logs/rejections/summary.ts';
import { paced } from '../../../tools/security-logs/send/paced.ts';
import { realisticEvents } from '../../../tools/security-logs/send/realistic-events.ts';
import { processTerminal } from '../../../tools/security-logs/terminal.ts';
import { blocksOf, readText } from '../../docs/repository.ts';
import { runSecurityLogs } from './memory-terminal.ts';

describe('security-logs', () => {
  test.each([
    'get',
    'tail',
    'send',
    'check',
    'rejections',
    'deliveries',
    'replay',
    'pause',
    'resume',
    'status',
    'test',
  ])('%s explains itself', async (name) => {
    const { status, stdout, stderr } = await runSecurityLogs([name, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: security-logs ${name}`);
    expect((await runSecurityLogs(['--help'])).stdout).toContain(`\n  ${name} `);
    expect((await runSecurityLogs([name, '--unknown'])).status).toBe(2);
  });

  test.each([[[]], [['other']], [['get', '--since', 'yesterday']], [['send', '--rate', '-1']], [['check']]])(
    '%j is wrong usage, told on the standard error',
    async (args) => {
      const { status, stdout, stderr } = await runSecurityLogs(args);
      expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('Usage: security-logs')]);
    },
  );

  test('reads times as a person writes them', () => {
    const now = Date.UTC(2026, 10, 21, 9);
    const iso = (value: string) => new Date(readTime('--since', value, now)).toISOString();
    expect(
      ['-90s', '-15m', '-1h', '-2d', 'now', '20261121080000', '2026-11-21T10:00:00+02:00'].map(iso),
    ).toEqual([
      '2026-11-21T08:58:30.000Z',
      '2026-11-21T08:45:00.000Z',
      '2026-11-21T08:00:00.000Z',
      '2026-11-19T09:00:00.000Z',
      '2026-11-21T09:00:00.000Z',
      '2026-11-21T08:00:00.000Z',
      '2026-11-21T08:00:00.000Z',
    ]);
  });

  test.each([
    [true, {}, true],
    [true, { NO_COLOR: '1' }, false],
    [false, {}, false],
  ])('has colours on a terminal (%s) with %j: %s', (isTTY, environment, expected) => {
    const stream = { isTTY, write: () => {}, on: () => {} };
    const styled = processTerminal(stream, stream, environment).styled('red', 'x');
    expect(styled !== 'x').toBe(expected);
  });
});

describe('check', () => {
  const contract = readText('docs/contract.md');
  const envelope = { source: 'easysend.player', id: 'e', time: '2026-11-21T09:00:00Z' };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-test-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('shows the log that the contract shows for its event, and what was corrected', async () => {
    const [event = '', log = ''] = ['event', 'log'].map((name) => blocksOf(contract, 'json', name)[0]);
    const file = join(folder, 'event.json');
    await writeFile(file, event);
    const { status, stdout } = await runSecurityLogs(['check', file]);
    const checked = JSON.parse(stdout);
    expect([status, checked.log, checked.id]).toEqual([0, JSON.parse(log), 'my-own-id']);
    expect(
      checked.corrections.map(({ field, what }: { field: string; what: string }) => `${field} ${what}`),
    ).toEqual([
      '@timestamp changed',
      'client.ip changed',
      'ecs.version filled in',
      'url.domain filled in',
      'label.app_type filled in',
    ]);
  });

  test('names the reason of a rejection, with the status 4', async () => {
    const file = join(folder, 'wrong.json');
    await writeFile(file, '{"event":{"action":"LOGIN"}}');
    const { status, stdout } = await runSecurityLogs(['check', file]);
    expect([status, JSON.parse(stdout)]).toMatchObject([
      4,
      { accepted: false, reason: { code: 'unknown_action' } },
    ]);
  });

  const detail = { event: { action: 'OPENED' }, label: { rid: 'r', other: 1 } };
  const entry = { Source: 'easysend.builder', DetailType: 'Security Event', Detail: JSON.stringify(detail) };
  test.each<[string, object, string]>([
    ['a detail', detail, 'player'],
    ['an entry', entry, 'builder'],
    [
      'an event',
      { ...envelope, source: 'easysend.builder', 'detail-type': 'Security Event', detail },
      'builder',
    ],
  ])('takes %s', (_, value, application) => {
    const checked = checkEvent(JSON.stringify(value), envelope);
    expect(checked).toMatchObject({ accepted: true, application });
    expect(checked.accepted && checked.corrections).toContainEqual({
      field: 'label.other',
      what: 'dropped',
      sent: 1,
    });
  });

  test.each<[string, string]>([
    ['[]', 'not_on_the_bus'],
    ['{', 'not_on_the_bus'],
    [`{"event":{"action":"OPENED"},"a":${'['.repeat(1000)}${']'.repeat(1000)}}`, 'not_on_the_bus'],
    [`{"event":{"action":"OPENED"},"a":"${'x'.repeat(983_040)}"}`, 'not_on_the_bus'],
    [JSON.stringify({ ...entry, Source: 'other' }), 'unknown_source'],
    [JSON.stringify({ ...entry, DetailType: 'Other' }), 'unknown_detail_type'],
  ])('rejects %#', (text, code) => {
    expect(checkEvent(text, envelope)).toMatchObject({ accepted: false, reason: { code } });
  });
});

describe('send', () => {
  test('keeps its rate, in groups that are bounded', async () => {
    let time = 0;
    const taken: [number, number][] = [];
    const values = Array.from({ length: 1000 }, (_, i) => i)[Symbol.iterator]();
    const wait = async (ms: number) => {
      time += ms;
    };
    const groups: number[] = [];
    for await (const group of paced(values, { count: 50, rate: 10, clock: () => time, wait })) {
      groups.push(...group);
      taken.push([time, groups.length]);
    }
    expect(groups).toEqual(Array.from({ length: 50 }, (_, i) => i));
    for (const [at, count] of taken) expect(count).toBe(Math.floor(at / 100) + 1);

    const sizes: number[] = [];
    for await (const group of paced(values, { count: 250, rate: 0, clock: () => 0, wait }))
      sizes.push(group.length);
    expect(sizes).toEqual([100, 100, 50]);
  });

  test('makes up events of all nine actions, each of now', () => {
    let time = Date.UTC(2026, 10, 21);
    const events = realisticEvents('easysend.builder', () => ++time);
    const some = Array.from({ length: 3000 }, () => events.next().value);
    expect(new Set(some.map((event) => event?.event.action))).toEqual(new Set(EVENT_ACTIONS));
    expect(some[0]?.label?.app_type).toBe('builder');
    const times = some.map((event) => Date.parse(String(event?.['@timestamp'])));
    expect(times).toEqual(times.map((_, i) => (times[0] ?? 0) + i));
  });
});

describe('rejections', () => {
  const original = { source: 'easysend.player', detail: {} };
  const body = (event: unknown, others: object = {}) =>
    JSON.stringify({
      time: '2026-11-21T09:00:00Z',
      detail: { reason: { code: 'missing_action', message: 'event is missing' }, event, ...others },
    });

  test.each<[string, unknown, object, string]>([
    ['an event', original, {}, 'easysend.player'],
    ['a text', `{"id":"a","source":"other","detail":{"source":"x"`, {}, 'other'],
    ['the source of a detail, which is not the event’s', `{"detail":{"source":"x"}`, {}, 'unknown'],
    ['the beginning of an event', undefined, { cutEvent: { beginning: '{"source":"cut","det' } }, 'cut'],
    ['nothing of the kind', 7, {}, 'unknown'],
  ])('of %s names its source', (_, event, others, source) => {
    expect(readRejection(body(event, others))).toMatchObject({
      source,
      code: 'missing_action',
      rejectedAt: '2026-11-21T09:00:00Z',
    });
  });

  test('are counted by source and reason, without what would change the terminal', () => {
    const summary = rejectionSummary();
    const rejection = { code: 'a', message: 'old', rejectedAt: '1', event: {} };
    for (const source of ['one', 'two\u001b[31m', 'two\u001b[31m']) summary.add({ ...rejection, source });
    summary.add({ ...rejection, source: 'one', code: 'b' });
    summary.add({ ...rejection, source: 'two\u001b[31m', message: 'new', rejectedAt: '2' });
    expect(summary.table().split('\n')).toEqual([
      'SOURCE    REASON  COUNT  LATEST  MESSAGE',
      'two�[31m  a       3      2       new',
      'one       a       1      1       old',
      'one       b       1      1       old',
      '',
    ]);
  });
});
