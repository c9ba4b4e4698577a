import { afterEach, describe, expect, test } from 'vitest';
import { runSecurityLogs } from './memory-terminal.ts';
import { cutShort, type Reply, refusal, startScriptedService, whole } from './scripted-service.ts';

let service: Awaited<ReturnType<typeof startScriptedService>>;
afterEach(() => service.close());

const log = (n: number) => ({ n, text: 'a "}]" ü' });
const pages = (...numbers: number[]) =>
  JSON.stringify([{ pageNumber: 1, results: numbers.length, securityLogs: numbers.map(log) }]);
const headers = (count: number) => ({
  'content-type': 'application/json',
  'number-of-results': String(count),
});
const answer = (...numbers: number[]): Reply => whole(pages(...numbers), headers(numbers.length));
const lines = (...numbers: number[]) => numbers.map((n) => `${JSON.stringify(log(n))}\n`).join('');

const WINDOW = ['--since', '2026-11-21T09:00:00Z', '--until', '20261121100000'];
async function get(replies: Reply[], ...args: string[]) {
  service = await startScriptedService(...replies);
  return runSecurityLogs(['get', '--url', service.url, ...WINDOW, ...args]);
}
const windows = () =>
  service.requests.map(({ searchParams }) => [searchParams.get('start_time'), searchParams.get('end_time')]);

describe('security-logs get', () => {
  test('writes a log a line, and what it did elsewhere', async () => {
    const { status, stdout, stderr } = await get([answer(1, 2)], '--app-type', 'player');
    expect([status, stdout]).toEqual([0, lines(1, 2)]);
    expect(stderr).toContain('2 logs from 2026-11-21T09:00:00.000Z until 2026-11-21T10:00:00.000Z');
    expect(windows()).toEqual([['2026-11-21T09:00:00.000Z', '2026-11-21T10:00:00.000Z']]);
    expect(service.requests[0]?.searchParams.get('app_type')).toBe('player');
    expect(service.keys).toEqual(['the key']);
  });

  test('takes a log a line from a service that offers it', async () => {
    const ndjson = { 'content-type': 'application/x-ndjson', 'number-of-results': '2' };
    expect((await get([whole(lines(1, 2), ndjson)])).stdout).toBe(lines(1, 2));
  });

  test('divides a window that is too large where the service says', async () => {
    const divide = { code: 'window_too_large', message: '', next_end_time: '2026-11-21T09:30:00.000Z' };
    const { status, stdout } = await get([refusal(408, divide), answer(1), answer(2)]);
    expect([status, stdout]).toEqual([0, lines(1, 2)]);
    expect(windows()).toEqual([
      ['2026-11-21T09:00:00.000Z', '2026-11-21T10:00:00.000Z'],
      ['2026-11-21T09:00:00.000Z', '2026-11-21T09:30:00.000Z'],
      ['2026-11-21T09:30:00.000Z', '2026-11-21T10:00:00.000Z'],
    ]);
  });

  test.each([
    ['whose transfer breaks', cutShort(pages(1, 2), headers(2))],
    ['with fewer logs than the header says', whole(pages(1), headers(2))],
    ['that is not closed', whole(pages(1, 2).slice(0, -1), headers(2))],
    ['that is throttled', refusal(429, { code: 'throttled', message: '' }, { 'retry-after': '1' })],
  ])('asks again for an answer %s, and writes nothing of it', async (_, first) => {
    const { status, stdout, stderr } = await get([first, answer(1, 2)]);
    expect([status, stdout]).toEqual([0, lines(1, 2)]);
    expect(stderr).toContain('trying again in');
  });

  test('writes one array, also of several windows or of none', async () => {
    const divide = { code: 'window_too_large', message: '', next_end_time: '2026-11-21T09:30:00.000Z' };
    const { stdout } = await get([refusal(408, divide), answer(1, 2), answer(3)], '--format', 'json');
    expect(JSON.parse(stdout)).toEqual([1, 2, 3].map(log));
    await service.close();
    expect((await get([whole('[]', headers(0))], '--format', 'json')).stdout).toBe('[]\n');
  });

  test.each<[number, Reply]>([
    [3, refusal(401, { code: 'unauthorized', message: 'no' })],
    [3, refusal(408, { code: 'second_too_large', message: 'too many' })],
    [1, refusal(408, { code: 'window_too_large', message: '', next_end_time: '2026-11-21T09:00:00Z' })],
  ])('ends with the status %i if it cannot go on, and says how far it came', async (expected, reply) => {
    const { status, stdout, stderr } = await get([reply]);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toContain('written: 0 logs, complete until 2026-11-21T09:00:00.000Z');
  });

  test('needs the key from the environment', async () => {
    service = await startScriptedService(answer(1));
    const { status, stderr } = await runSecurityLogs(['get', '--url', service.url], {});
    expect([status, stderr]).toEqual([2, expect.stringContaining('EASYSEND_SECURITY_LOGS_API_KEY')]);
  });
});
