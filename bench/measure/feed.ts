import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { windowOf } from '../data.ts';
import { type Lateness, pollWindows } from '../late-events.ts';
import { type Context, type Measurement, median, type Result, repeat } from '../measurement.ts';
import { startCanned, startSubject } from '../subject.ts';
import type { FollowAnswer, FollowQuestion } from '../subjects/feed-function.ts';
import type { FeedReads } from '../subjects/feed-reads.ts';
import type { QueryAnswer, QueryQuestion } from '../subjects/query-function.ts';
import type { WindowReads } from '../subjects/window-reads.ts';
import type { Row } from '../table.ts';

const LOGS = 40_000;
/** Logs of an answer: the most, and by default. */
const LIMITS = [10_000, 1_000];
const ENCODINGS = ['zstd', 'gzip', 'br', 'identity'];
const RUNS = 5;

/** A consumer of windows asks each minute for three: the new one, and two that it knows. */
const POLLER = { interval: MINUTE, overlap: 2 * MINUTE };
const ASKED_TIMES = 3;
const POLLED_LOGS = 15_000;
/** The embedded documents repeat after so many: nothing that is counted depends on it. */
const DISTINCT_LOGS = 45_000;

const LATE: ReadonlyArray<Lateness & { readonly name: string }> = [
  { name: '90 seconds', share: 0.04, most: 90 * SECOND },
  { name: '10 minutes', share: 0.04, most: 10 * MINUTE },
  { name: '6 hours', share: 0.04, most: 6 * HOUR },
];
const EVENTS = 1_000_000;

async function run(context: Context): Promise<Result> {
  const { size, started } = context;
  const count = ASKED_TIMES * size(POLLED_LOGS);
  const canned = await startCanned({
    shape: 'service',
    count: Math.ceil(1.2 * count),
    distinct: DISTINCT_LOGS,
    feedLogs: size(LOGS),
  });
  await started.add(canned.close);
  const rows = [
    ...(await followFeed(context, canned.url)),
    ...(await pollWindow(context, canned.url, count)),
  ];
  const { beginning, idle } = await readsOf(canned.url, LIMITS[0] ?? 1);
  return {
    rows,
    notes: [
      `${size(LOGS)} logs in full batches, in NDJSON through the whole handler; the median of ${RUNS} runs after one to warm up`,
      'the windows: three minutes asked for each minute, in JSON; by the logs that are new to the consumer, one in three',
      'read units: of the feed eventually consistent, of windows strongly consistent',
      `an idle poll of the feed: ${idle.requests} request, ${idle.readUnits} units; of windows: 16 requests, 16 units`,
      `a first answer of the feed, which looks for the oldest log: ${beginning.requests} requests, ${beginning.readUnits} units`,
      ...LATE.map(lossNote),
    ],
  };
}

async function followFeed({ progress, started }: Context, url: string): Promise<Row[]> {
  const subject = await startSubject<FollowQuestion, FollowAnswer>('./subjects/feed-function.ts', url);
  await started.add(subject.close);
  const rows: Row[] = [];
  for (const limit of LIMITS) {
    const { following, logs: read } = await readsOf(url, limit);
    for (const encoding of ENCODINGS) {
      progress(`the feed in ${encoding}, ${limit} logs an answer`);
      await subject.ask({ encoding, limit });
      const runs = await repeat(RUNS, () => subject.ask({ encoding, limit }));
      const { bytes, logs } = runs[0] as FollowAnswer;
      rows.push({
        consumer: `feed, ${limit} logs an answer`,
        encoding,
        'CPU us a log': median(runs.map(({ work }) => (1000 * work.cpuMs) / logs)),
        'bytes a log': bytes / logs,
        'read units a log': following.readUnits / read,
        'requests for 1,000 logs': (1000 * following.requests) / read,
      });
    }
  }
  return rows;
}

async function readsOf(url: string, limit: number): Promise<FeedReads> {
  const subject = await startSubject<{ limit: number }, FeedReads>('./subjects/feed-reads.ts', url);
  return subject.ask({ limit }).finally(subject.close);
}

async function pollWindow({ progress, started }: Context, url: string, count: number): Promise<Row[]> {
  progress('windows with an overlap');
  const window = windowOf(count);
  const reading = await startSubject<{ window: typeof window }, WindowReads>(
    './subjects/window-reads.ts',
    url,
  );
  const { readUnits, queries, results } = await reading.ask({ window }).finally(reading.close);
  const subject = await startSubject<QueryQuestion, QueryAnswer>('./subjects/query-function.ts', url);
  await started.add(subject.close);
  const fresh = results / ASKED_TIMES;
  const rows: Row[] = [];
  for (const encoding of ENCODINGS) {
    await subject.ask({ window, encoding });
    const runs = await repeat(RUNS, () => subject.ask({ window, encoding }));
    rows.push({
      consumer: 'windows, 2 minutes overlap',
      encoding,
      'CPU us a log': median(runs.map(({ whole }) => (1000 * whole.cpuMs) / fresh)),
      'bytes a log': (runs[0]?.bytes ?? 0) / fresh,
      'read units a log': readUnits / fresh,
      'requests for 1,000 logs': (1000 * queries) / fresh,
    });
  }
  return rows;
}

function lossNote({ name, ...lateness }: (typeof LATE)[number]): string {
  const { lost, times } = pollWindows(EVENTS, POLLER, lateness);
  return (
    `4 % of the events late by up to ${name}: the windows show an event ${times.toFixed(2)} times on average, ` +
    `and never show ${(100 * lost).toFixed(2)} %; the feed shows each once`
  );
}

export const feed: Measurement = { name: 'feed', title: '9. Reading the feed', run };
