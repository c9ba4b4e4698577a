import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { synthesize } from '../../local/synthesize.ts';
import { type Put, startTestBucket, type TestBucket } from '../fixtures/test-bucket.ts';
import { withVariables } from './changed-template.ts';
import { API_KEY, type RunningStack, startRunningStack } from './running-stack.ts';

/**
 * Files of many logs (docs/custom-services.md#files-with-many-logs), written to a bucket that shares no code with the service. Runs of the
 * function overlap here: they begin more often than they end.
 */

const BATCHES = { MAX_BATCH_BYTES: '20000', MAX_BATCH_AGE_MS: '500' };
const PATIENCE = { timeout: 60_000, interval: 100 };
/** On a machine that is busy. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
const KEY =
  /^security-logs\/dt=(?<dt>\d{4}-\d\d-\d\d)\/hr=(?<hr>\d\d)\/security-logs-\d{8}T\d{9}Z-[0-9a-f]{16}\.ndjson\.gz$/;

let assembly: Awaited<ReturnType<typeof synthesize>>;
let bucket: TestBucket;
let stack: RunningStack;
beforeAll(async () => {
  [assembly, bucket] = await Promise.all([
    synthesize({ settings: 'local/settings/file-store-batch.json' }),
    startTestBucket(),
  ]);
  stack = await startRunningStack({
    assembly: assembly.folder,
    scheduleMinute: 1000,
    // Its requests to S3 go to the bucket of the test.
    patchTemplate: withVariables({ ...BATCHES, AWS_ENDPOINT_URL_S3: bucket.url }, Object.keys(BATCHES)),
  });
});
afterAll(async () => {
  await stack.close();
  await bucket.close();
  await assembly.close();
});

const linesOf = ({ body }: Put): string[] => gunzipSync(body).toString().split('\n').slice(0, -1);
const allLines = (): string[] => [...bucket.objects.values()].flatMap(linesOf);

let published = 0;
const publish = async (count: number): Promise<void> => {
  const details = Array.from({ length: count }, () => ({
    '@timestamp': new Date().toISOString(),
    event: { action: 'OPENED', id: `event-${published++}` },
    label: { rid: 'of the archive', page_name: 'x'.repeat(100) },
  }));
  await stack.publishDetails(details);
};
/** Waits until the files have every log that was published. */
const archived = () =>
  vi.waitFor(() => expect(allLines().length).toBeGreaterThanOrEqual(published), PATIENCE);

/** Kills every process of the archive function. */
function killRuns(): void {
  for (const { functionName, pid } of stack.functionProcesses()) {
    if (!functionName.includes('Archive')) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

async function feedLines(): Promise<string[]> {
  const lines: string[] = [];
  const url = stack.url.replace('get-security-logs', 'security-logs/feed');
  for (let cursor = ''; ; ) {
    const headers = { apiKey: API_KEY, Accept: 'application/x-ndjson' };
    const response = await fetch(`${url}?limit=10000&cursor=${cursor}`, { headers });
    lines.push(...(await response.text()).split('\n').slice(0, -1));
    cursor = response.headers.get('Feed-Cursor') ?? '';
    if (!response.headers.has('Link')) return lines;
  }
}

describe('files of many logs', () => {
  test('have every log once, whatever happens to the function between the record of a file and its writing', async () => {
    bucket.order(() => 'hold');
    await publish(50);
    // A file is recorded, and is about to be written.
    await vi.waitFor(() => expect(bucket.puts.length).toBeGreaterThan(0), PATIENCE);
    await publish(50);
    killRuns();
    const [{ key, body } = { key: '', body: Buffer.alloc(0) }] = bucket.puts;
    const held = bucket.puts.length;
    // The next file is there, but its run does not learn of it.
    bucket.order((n) => (n <= held + 2 ? 'lose' : undefined));
    await archived();
    expect(bucket.objects.get(key)?.body.equals(body)).toBe(true);

    // Runs are killed at any moment while logs come.
    for (let i = 0; i < 3; i++) {
      await publish(100);
      killRuns();
    }
    await archived();

    const lines = allLines();
    expect(lines.toSorted()).toEqual((await feedLines()).toSorted());
    expect(lines).toHaveLength(published);
    expect(bucket.objects.size).toBeGreaterThan(5);
  });

  test('are the same bytes in each attempt, under a key with the hour of the oldest log, and say how many logs they have', async () => {
    await publish(20);
    await archived();
    for (const { key, body } of bucket.puts) expect(bucket.objects.get(key)?.body.equals(body)).toBe(true);
    for (const put of bucket.objects.values()) {
      const { dt, hr } = KEY.exec(put.key)?.groups ?? {};
      const created = linesOf(put).map((line): string => JSON.parse(line).event.created);
      expect(created.toSorted()[0]?.slice(0, 13)).toBe(`${dt}T${hr}`);
      expect(put.headers['x-amz-meta-logs']).toBe(String(created.length));
      expect(put.headers['content-encoding']).toBe('gzip');
    }
  });
});
