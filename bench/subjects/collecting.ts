import { setTimeout as delay } from 'node:timers/promises';
import { dynamoDbClient } from '../../functions/aws-clients.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { TABLE_NAME } from '../data.ts';
import { answerParent, measureWork, type Work } from '../subject.ts';

/** The first half of a query alone: every log of a window into memory, then once through in order. */

export interface CollectingAnswer {
  readonly results: number;
  readonly collecting: Work;
  readonly ordering: Work;
  /** What the collected logs hold after a garbage collection, and how far the process grew at most, bytes. */
  readonly heldBytes: number;
  readonly peakBytes: number;
}

/** Twice, with a pause: what a first collection lets go of outside the heap is freed behind its back. */
async function collectGarbage(): Promise<void> {
  for (let i = 0; i < 2; i++) {
    gc?.();
    await delay(100);
  }
}

const store = logStore({ client: dynamoDbClient(3), tableName: TABLE_NAME, retentionHours: 48 });

answerParent<{ window: TimeWindow }, CollectingAnswer>(async ({ window }) => {
  const collect = (wanted: TimeWindow) =>
    store.collect(wanted, ['player', 'builder'], Date.now(), {
      signal: new AbortController().signal,
      hasRoom: () => true,
    });
  // The client and its connections are not the logs'.
  await collect({ from: window.from, until: window.from + 1000 });
  await collectGarbage();
  const before = process.memoryUsage();
  const work = measureWork();
  const collection = await collect(window);
  const collecting = work();
  const peakBytes = 1024 * process.resourceUsage().maxRSS - before.rss;
  await collectGarbage();
  const { heapUsed, external } = process.memoryUsage();

  const order = measureWork();
  let results = 0;
  for (const _ of collection.inOrder()) results += 1;
  return {
    results,
    collecting,
    ordering: order(),
    heldBytes: heapUsed + external - before.heapUsed - before.external,
    peakBytes,
  };
});
