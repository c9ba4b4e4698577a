import { type Context, type Measurement, median, type Result, repeat } from '../measurement.ts';
import { startCanned, startSubject, type Work } from '../subject.ts';
import type { IngestQuestion } from '../subjects/ingest-function.ts';
import type { Row } from '../table.ts';

const EVENTS = 3_000;
const BATCH_SIZES = [10, 100];
const RUNS = 3;

async function run({ size, progress, started }: Context): Promise<Result> {
  const events = size(EVENTS);
  // The puts go nowhere, and nothing is read.
  const canned = await startCanned({ shape: 'service', count: 1, distinct: 1 });
  await started.add(canned.close);
  const subject = await startSubject<IngestQuestion, Work>('./subjects/ingest-function.ts', canned.url);
  await started.add(subject.close);
  await subject.ask({ events: Math.ceil(events / 4), batchSize: 100 });
  const rows: Row[] = [];
  for (const batchSize of BATCH_SIZES) {
    progress(`batches of ${batchSize}`);
    const work = await repeat(RUNS, () => subject.ask({ events, batchSize }));
    rows.push({
      batches: `of ${batchSize}`,
      'events a second': median(work.map(({ elapsedMs }) => (1000 * events) / elapsedMs)),
      'CPU us an event': median(work.map(({ cpuMs }) => (1000 * cpuMs) / events)),
    });
  }
  return {
    rows,
    notes: [
      `one function process, one batch at a time, ${events} events, the median of ${RUNS} runs after one to warm up`,
      'the whole handler: parse, complete, compress, put, announce, report; the canned endpoint answers at once, ' +
        'no TLS, and shares the machine',
    ],
  };
}

export const ingest: Measurement = {
  name: 'ingest',
  title: '6. Ingest through one function process',
  run,
};
