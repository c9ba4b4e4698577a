import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTailOutput } from '../../../tools/security-logs/tail/tail-output.ts';
import { processTerminal } from '../../../tools/security-logs/terminal.ts';
import { runSecurityLogs } from './memory-terminal.ts';
import { cutShort, type Reply, refusal, startScriptedService, whole } from './scripted-service.ts';

let folder: string;
let service: Awaited<ReturnType<typeof startScriptedService>> | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tail-test-'));
});
afterEach(async () => {
  await service?.close();
  service = undefined;
  await rm(folder, { recursive: true });
});

const lines = (...numbers: number[]) => numbers.map((n) => `{"n":${n}}\n`).join('');
const headers = (cursor: string, count: number, more: boolean) => ({
  'content-type': 'application/x-ndjson',
  'feed-cursor': cursor,
  'number-of-results': String(count),
  ...(more && { link: '<next>; rel="next"' }),
});
const answer = (cursor: string, numbers: number[], more = false): Reply =>
  whole(lines(...numbers), headers(cursor, numbers.length, more));

async function tail(replies: Reply[], ...args: string[]) {
  service = await startScriptedService(...replies);
  return runSecurityLogs(['tail', '--once', '--url', service.url, ...args]);
}
const cursors = () => service?.requests.map(({ searchParams }) => searchParams.get('cursor'));

describe('security-logs tail', () => {
  test('follows the cursor to the end, into a file with its state', async () => {
    const output = join(folder, 'logs');
    const { status, stdout } = await tail([answer('a', [1, 2], true), answer('b', [3])], '--output', output);
    expect([status, stdout, cursors()]).toEqual([0, '', [null, 'a']]);
    expect(await readFile(output, 'utf8')).toBe(lines(1, 2, 3));
    expect(await readFile(`${output}.state`, 'utf8')).toBe(`${lines(1, 2, 3).length}\nb\n`);
  });

  test.each([
    ['whose transfer breaks', cutShort(lines(1, 2), headers('x', 2, false))],
    ['with fewer logs than the header says', whole(lines(1), headers('x', 2, false))],
    ['that ends within a log', whole(`${lines(1)}{"n":2`, headers('x', 1, false))],
    ['of a service that is not there', refusal(503, { code: 'store_unavailable' })],
  ])('asks with the same cursor after an answer %s', async (_, reply) => {
    const { status, stdout } = await tail([answer('a', [0], true), reply, answer('b', [1, 2])]);
    expect([status, stdout, cursors()]).toEqual([0, lines(0, 1, 2), [null, 'a', 'a']]);
  });

  test('cuts the file back to its state, and goes on from there', async () => {
    const output = join(folder, 'logs');
    await writeFile(output, `${lines(1)}{"n":2}\n{"half`);
    await writeFile(`${output}.state`, `${lines(1).length}\na\n`);
    await tail([answer('b', [2])], '--output', output);
    expect([await readFile(output, 'utf8'), cursors()]).toEqual([lines(1, 2), ['a']]);
  });

  test('goes on from its state on the standard output', async () => {
    const state = join(folder, 'state');
    await tail([answer('a', [1])], '--state', state);
    await service?.close();
    const { stdout } = await tail([answer('b', [2])], '--state', state);
    expect([stdout, cursors()]).toEqual([lines(2), ['a']]);
  });

  test('does not mix up states: of the other output, of a shorter file, of none', async () => {
    const [output, state] = [join(folder, 'logs'), join(folder, 'state')];
    const attempts = async (...args: string[]) => {
      const { status, stderr } = await tail([answer('a', [1])], ...args);
      await service?.close();
      return [status, stderr];
    };
    await writeFile(state, 'stdout\na\n');
    expect(await attempts('--output', output, '--state', state)).toEqual([
      1,
      expect.stringContaining('of the standard output, not of'),
    ]);
    await writeFile(state, '10\na\n');
    expect(await attempts('--state', state)).toEqual([1, expect.stringContaining('is the state of a file')]);
    expect(await attempts('--output', output, '--state', state)).toEqual([
      1,
      expect.stringContaining('fewer than the 10'),
    ]);
    await writeFile(state, '10');
    expect(await attempts('--state', state)).toEqual([1, expect.stringContaining('is not a state')]);
    await writeFile(output, 'precious');
    expect(await attempts('--output', output)).toEqual([1, expect.stringContaining('is not empty')]);
    expect(await readFile(output, 'utf8')).toBe('precious');
  });

  test('says that logs may be missing, and begins where it is told to', async () => {
    const gap = { ...headers('a', 0, false), 'feed-gap': 'true', 'feed-gap-since': '2026-11-21T09:00:00Z' };
    const { stderr } = await tail([whole('', gap)], '--since', 'now', '--limit', '7');
    expect(stderr).toContain('logs may be missing since 2026-11-21T09:00:00Z');
    expect(Object.fromEntries(service?.requests[0]?.searchParams ?? [])).toEqual({
      start_time: 'now',
      limit: '7',
    });
  });

  test('ends with the status 3 if the service refuses the cursor', async () => {
    const { status } = await tail([refusal(400, { code: 'invalid_cursor', message: 'damaged' })]);
    expect(status).toBe(3);
  });
});

describe('a file', () => {
  const terminal = processTerminal();

  test('has each log exactly once, wherever the tail was killed', async () => {
    // What happens to each answer: it is kept, or the process is killed after so many of its bytes, or before the state.
    const fate = fc.oneof(fc.constant('kept' as const), fc.nat({ max: 40 }));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (fates, size) => {
          runs += 1;
          const output = join(folder, `logs-${runs}`);
          const files = { output, state: `${output}.state` };
          let kept = await openTailOutput(files, terminal);
          for (const each of [...fates, 'kept' as const]) {
            const at = Number(kept.cursor || 0);
            const answer_ = lines(...Array.from({ length: size }, (_, i) => at + i));
            if (each === 'kept') await kept.keep(Buffer.from(answer_), String(at + size));
            else await writeFile(output, answer_.slice(0, each), { flag: 'a' });
            await kept.close();
            kept = await openTailOutput(files, terminal);
          }
          await kept.close();
          const expected = lines(...Array.from({ length: Number(kept.cursor) }, (_, i) => i));
          expect(await readFile(output, 'utf8')).toBe(expected);
          expect(kept.cursor).not.toBe('');
        },
      ),
      { numRuns: 40 },
    );
  });
});
