import type { IngestQuestion } from '../ingest-batches.ts';
import { type Context, type Measurement, median, type Result, ratio } from '../measurement.ts';
import { type Subject, startCanned, startSubject, type Work } from '../subject.ts';
import type { Row } from '../table.ts';

const EVENTS = 3_000;
const BATCH_SIZES = [1, 10, 100];
/** A batch of one takes as long as ten events of a large batch. */
const FEWER = { 1: 6, 10: 2 } as Readonly<Record<number, number>>;
const RUNS = 5;

const WAYS = [
  { way: 'one put an event', module: './subjects/ingest-one-by-one.ts' },
  { way: 'this service', module: './subjects/ingest-function.ts' },
];

interface Way {
  readonly way: string;
  readonly subject: Subject<IngestQuestion, Work>;
}

async function run({ size, progress, started }: Context): Promise<Result> {
  // The puts go nowhere, and nothing is read.
  const canned = await startCanned({ shape: 'service', count: 1, distinct: 1 });
  await started.add(canned.close);
  const rows: Row[] = [];
  for (const announcing of [false, true]) {
    const ways: Way[] = [];
    for (const { way, module } of WAYS) {
      const settings = { ANNOUNCE_STORED_LOGS: String(announcing) };
      const subject = await startSubject<IngestQuestion, Work>(module, canned.url, [], settings);
      await started.add(subject.close);
      await subject.ask({ events: size(EVENTS), batchSize: 100 });
      ways.push({ way, subject });
    }
    for (const batchSize of BATCH_SIZES) {
      progress(`announcing ${announcing ? 'on' : 'off'}, batches of ${batchSize}`);
      const events = Math.ceil(size(EVENTS) / (FEWER[batchSize] ?? 1));
      rows.push(...(await compare(ways, { events, batchSize }, announcing)));
    }
    for (const { subject } of ways) await subject.close();
  }
  return {
    rows,
    notes: [
      `one function process each, one batch at a time; the ways in turns, the median of ${RUNS} runs after one to warm up`,
      'the whole handler: parse, complete, compress, put, announce, report; this service with the feed, the other way ' +
        'without; the canned endpoint answers at once, no TLS, and shares the machine',
      'announcing is off where there is no custom service',
    ],
  };
}

async function compare(ways: readonly Way[], question: IngestQuestion, announcing: boolean): Promise<Row[]> {
  const works = ways.map((): Work[] => []);
  for (let i = 0; i < RUNS; i++)
    for (const [way, { subject }] of ways.entries()) works[way]?.push(await subject.ask(question));
  const { events, batchSize } = question;
  const measured = works.map((runs) => ({
    rate: median(runs.map(({ elapsedMs }) => (1000 * events) / elapsedMs)),
    cpu: median(runs.map(({ cpuMs }) => (1000 * cpuMs) / events)),
  }));
  const [first] = measured;
  return measured.map(({ rate, cpu }, i) => ({
    announcing: announcing ? 'on' : 'off',
    batches: `of ${batchSize}`,
    way: ways[i]?.way ?? '',
    'events a second': rate,
    'CPU us an event': cpu,
    'more events': ratio(rate, first?.rate ?? rate),
    'less CPU': ratio(first?.cpu ?? cpu, cpu),
  }));
}

export const ingest: Measurement = {
  name: 'ingest',
  title: '6. Ingest through one function process',
  run,
};
