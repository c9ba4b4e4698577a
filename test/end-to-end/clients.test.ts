import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { producerDetail, takeSyntheticLogs } from '../../tools/synthetic-logs/synthetic-logs.ts';
import { API_KEY, between, type Page, type RunningStack, startRunningStack } from './running-stack.ts';

/** Clients as consumers have them, each decoding by itself; those that are not installed are skipped. */

const COUNT = 2_000;
const START = Date.UTC(2026, 10, 19, 9);
const END = START + 60_000;
const logs = takeSyntheticLogs(COUNT, { seed: 11, start: START });
const run = promisify(execFile);

const PYTHON = `
import gzip, sys, urllib.request
url, key = sys.argv[1:]
request = urllib.request.Request(url, headers={'apiKey': key, 'Accept-Encoding': 'gzip'})
with urllib.request.urlopen(request) as response:
    sys.stdout.buffer.write(gzip.decompress(response.read()))
`;

let stack: RunningStack;
let url: string;
let whole: string;
beforeAll(async () => {
  stack = await startRunningStack();
  await stack.publish(logs.map((log, i) => ({ Detail: producerDetail(log, `log-${i}`) })));
  await stack.askUntil(between(START, END), COUNT);
  url = `${stack.url}?${new URLSearchParams(between(START, END))}`;
  whole = await decodedByFetch('identity');
}, 120_000);
afterAll(() => stack.close());

/** What a command prints, or undefined if there is no such command. */
function printed(command: string, ...options: string[]): string | undefined {
  try {
    return execFileSync(command, options, { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}
const curl = printed('curl', '--version');
const python = printed('python3', '--version');

async function decodedByFetch(encoding: string): Promise<string> {
  const response = await fetch(url, { headers: { apiKey: API_KEY, 'accept-encoding': encoding } });
  expect(response.headers.get('content-encoding') ?? 'identity').toBe(encoding);
  return response.text();
}

describe('an encoded answer is decoded', () => {
  test('and holds what was published', () => {
    const pages: Page[] = JSON.parse(whole);
    const found = pages.flatMap(({ securityLogs }) => securityLogs.map((log) => JSON.stringify(log)));
    expect(found.sort()).toEqual(logs.map((log) => JSON.stringify(log)).sort());
  });

  test.each(['gzip', 'br', 'zstd'])('by the fetch of Node: %s', async (encoding) => {
    expect(await decodedByFetch(encoding)).toBe(whole);
  });

  for (const [encoding, feature] of [
    ['gzip', 'libz'],
    ['br', 'brotli'],
    ['zstd', 'zstd'],
  ] as const) {
    test.skipIf(!curl?.includes(feature))(`by curl: ${encoding}`, async () => {
      const headers = ['-H', `apiKey: ${API_KEY}`, '-H', `Accept-Encoding: ${encoding}`];
      const options = { maxBuffer: 64e6 };
      const raw = await run('curl', ['-sSf', ...headers, url], { ...options, encoding: 'buffer' });
      const decoded = await run('curl', ['-sSf', '--compressed', ...headers, url], options);
      expect(raw.stdout.length).toBeLessThan(whole.length / 5);
      expect(decoded.stdout).toBe(whole);
    });
  }

  test.skipIf(python === undefined)("by Python's standard library: gzip", async () => {
    const { stdout } = await run('python3', ['-c', PYTHON, url, API_KEY], { maxBuffer: 64e6 });
    expect(stdout).toBe(whole);
  });
});
