import { nodeOptions, QUERY_HEAP } from '../../infra/node-options.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import { DISTINCT_LOGS, windowOf } from '../data.ts';
import type { Context, Measurement, Result } from '../measurement.ts';
import { startSubject } from '../subject.ts';
import type { CollectingAnswer } from '../subjects/collecting.ts';
import type { Row } from '../table.ts';

const COUNTS = [10_000, 100_000, 1_000_000];
const MEGABYTE = 1e6;

async function run({ size, progress, cannedService }: Context): Promise<Result> {
  const rows: Row[] = [];
  for (const count of COUNTS.map(size)) {
    progress(`${count} logs`);
    const subject = await startSubject<{ window: TimeWindow }, CollectingAnswer>(
      './subjects/collecting.ts',
      await cannedService(),
      nodeOptions(QUERY_HEAP),
    );
    const answer = await subject.ask({ window: windowOf(count) }).finally(subject.close);
    const { results, collecting, ordering, heldBytes, peakBytes } = answer;
    rows.push({
      logs: results,
      'collecting s': collecting.elapsedMs / 1000,
      'us a log': (1000 * collecting.elapsedMs) / results,
      'CPU us a log': (1000 * collecting.cpuMs) / results,
      'merging us a log': (1000 * ordering.elapsedMs) / results,
      'held MB': heldBytes / MEGABYTE,
      'held bytes a log': heldBytes / results,
      'peak growth MB': peakBytes / MEGABYTE,
    });
  }
  return {
    rows,
    notes: [
      `beyond ${size(DISTINCT_LOGS)} logs the documents come again, under later keys`,
      'a fresh process for each size; collecting through the store against the canned endpoint, without sending',
      'held: after a garbage collection; peak growth: of the resident memory, with what a garbage collection would free',
    ],
  };
}

export const growth: Measurement = {
  name: 'growth',
  title: '7. Growth of collecting',
  run,
};
