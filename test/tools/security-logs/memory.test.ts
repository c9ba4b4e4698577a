import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { expect, test } from 'vitest';
import { takeSyntheticLogs } from '../../../tools/synthetic-logs/synthetic-logs.ts';
import { startScriptedService } from './scripted-service.ts';

const ROOM = new URL('../../../tools/security-logs/', import.meta.url).href;
const LOGS_A_PAGE = 1000;
const securityLogs = takeSyntheticLogs(LOGS_A_PAGE, { seed: 1, start: 0 });
const page = JSON.stringify({ pageNumber: 1, results: LOGS_A_PAGE, securityLogs });

/** @returns how many logs `get` has written of so many pages, and the most memory that its process had, bytes */
async function getInProcess(pages: number): Promise<{ lines: number; bytes: number }> {
  const service = await startScriptedService(async (response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'number-of-results': String(pages * LOGS_A_PAGE),
    });
    const body = createGzip({ level: 1 });
    body.pipe(response);
    for (let i = 0; i < pages; i += 1)
      if (!body.write(`${i === 0 ? '[' : ','}${page}`)) await once(body, 'drain');
    body.end(']');
  });
  const program = `
    const [{ runCommand }, { processTerminal }] = await Promise.all(
      ['run-command.ts', 'terminal.ts'].map((file) => import('${ROOM}' + file)));
    await runCommand(['get', '--url', '${service.url}'], processTerminal());
    console.error('maxRSS ' + process.resourceUsage().maxRSS);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(ROOM),
    env: { EASYSEND_SECURITY_LOGS_API_KEY: 'the key' },
  });
  let [lines, told] = [0, ''];
  child.stdout.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0a) lines += 1;
  });
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  await once(child, 'close');
  await service.close();
  return { lines, bytes: 1024 * Number(/maxRSS (\d+)/.exec(told)?.[1]) };
}

test('get needs no more memory for a hundred megabytes than for two', async () => {
  const small = await getInProcess(1);
  const large = await getInProcess(60);
  expect([small.lines, large.lines]).toEqual([1000, 60_000]);
  expect(60 * page.length).toBeGreaterThan(100_000_000);
  expect(large.bytes - small.bytes).toBeLessThan(60_000_000);
}, 120_000);
