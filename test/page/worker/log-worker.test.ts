import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startCannedService } from '../../../page/preview/canned-service.ts';
import { logWorker } from '../../../page/worker/log-worker.ts';
import type { News, Progress, TailState } from '../../../page/worker/protocol.ts';

const KEY = 'k';
const END = Date.UTC(2026, 10, 21, 10);
/** A log each 100 milliseconds, the last one just before the end. */
const LINES = Array.from({ length: 100 }, (_, n) =>
  JSON.stringify({
    '@timestamp': new Date(END - (100 - n) * 100).toISOString(),
    event: { action: 'OPENED' },
  }),
);

/** A worker over the logs, and what it told last. */
async function startWorker(mostRows: number) {
  const canned = await startCannedService({ lines: LINES, key: KEY });
  onTestFinished(() => canned.close());
  const told: { progress?: Progress; tail?: TailState; total: number } = { total: 0 };
  const take = (news: News): void => {
    if (news.kind === 'progress') told.progress = news.progress;
    else if (news.kind === 'tail') told.tail = news.tail;
    else if (news.kind === 'overview') told.total = news.overview.total;
  };
  const worker = logWorker(take, () => END, mostRows);
  onTestFinished(() => worker.stop());
  const service = {
    windowsUrl: canned.url.replace('security-logs', 'api/get-security-logs'),
    feedUrl: canned.url.replace('security-logs', 'api/security-logs/feed'),
    key: KEY,
  };
  await worker.load(service, { from: END - 60_000, until: END });
  return { canned, worker, told };
}

describe('the worker of the page', () => {
  test('says from where on its logs are whole when there is no room for more', async () => {
    const { told } = await startWorker(10);
    expect(told.progress).toMatchObject({ isDone: true, isFull: true, rows: 10 });
    expect(told.progress?.loadedFrom).toBe(END - 10 * 100 + 1);
  });

  test('follows on from where it was stopped, also at once: each log is there once', async () => {
    const { canned, worker, told } = await startWorker(1000);
    const log = (id: string): string =>
      JSON.stringify({ '@timestamp': new Date(END).toISOString(), event: { id, action: 'COMPLETED' } });
    worker.follow(true);
    canned.store(log('a'));
    await vi.waitFor(() => expect(told.total).toBe(101), 10_000);
    worker.follow(false);
    worker.follow(true);
    await vi.waitFor(() => expect(told.tail?.isOn).toBe(true));
    canned.store(log('b'));
    await vi.waitFor(() => expect(told.total).toBeGreaterThan(101), 10_000);
    expect(told.total).toBe(102);
    const cursors = canned.asked.flatMap((url) => /cursor=(\d+)/.exec(url)?.[1] ?? []).map(Number);
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
  });
});
