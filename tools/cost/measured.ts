/**
 * What the service needs for an event, a log and an answer, as measured (docs/performance.md). A test compares these
 * figures with the page.
 */

/** By the number of logs in a batch of ingest, with 400 active users (docs/performance.md#the-feed). */
export interface Batch {
  readonly logs: number;
  /** Of DynamoDB, for each event; the unit of the log's own item included. */
  readonly writeUnits: number;
  /** Microseconds of one vCPU, for each event, without announcing. */
  readonly cpu: number;
}

export const BATCHES: readonly Batch[] = [
  { logs: 1, writeUnits: 4, cpu: 2927 },
  { logs: 10, writeUnits: 1.5, cpu: 361 },
  { logs: 100, writeUnits: 1.23, cpu: 124 },
];

/** The most logs in a batch of ingest. */
export const MOST_IN_BATCH = 100;

export const ENCODINGS = ['zstd', 'brotli', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** An answer: bytes that are sent for each log, and microseconds of one vCPU. */
interface Answer {
  readonly bytes: number;
  readonly cpu: number;
}

/** An answer of `get-security-logs`, collecting included (docs/performance.md#the-limits). */
export const WINDOW_ANSWERS: Readonly<Record<Encoding, Answer>> = {
  zstd: { bytes: 103, cpu: 48 },
  brotli: { bytes: 96.6, cpu: 82 },
  gzip: { bytes: 278, cpu: 71 },
  identity: { bytes: 1806, cpu: 37 },
};

/** An answer of the feed with 10,000 logs (docs/performance.md#the-feed). */
export const FEED_ANSWERS: Readonly<Record<Encoding, Answer>> = {
  zstd: { bytes: 132, cpu: 15.4 },
  brotli: { bytes: 129, cpu: 33 },
  gzip: { bytes: 304, cpu: 28 },
  identity: { bytes: 1890, cpu: 13.3 },
};

/** A log's item: bytes, and read units of a strongly consistent query (docs/performance.md#a-full-run-of-the-benchmark). */
export const COMPRESSED_ITEM = { bytes: 487, writeUnits: 1, readUnits: 0.119 };
/** The same log as a map of DynamoDB, and the CPU of reading it with the DocumentClient, gzip included. */
export const MAP_ITEM = { bytes: 1672, writeUnits: 2, readUnits: 0.408, cpu: 143 };

/** Bytes of a log as JSON. */
export const LOG_BYTES = 1806;
/** Bytes that a log takes in its batch's intent. */
export const INTENT_BYTES = 212;
/** A window reads each partition once, whatever is in it (docs/performance.md#collecting). */
export const LEAST_WINDOW_UNITS = 16;
export const FEED_READ_UNITS = 0.0264;
/** A poll that finds nothing. */
export const IDLE_POLL_UNITS = 0.5;
/** Microseconds of one vCPU for one conditional put an event, announcing off, batches of one. */
export const ONE_PUT_CPU = 1062;

/** The figures for batches of any size: they fall on a line over 1 / size, because a batch has a fixed part. */
export function atBatchSize(logs: number): Batch {
  const least = BATCHES.find((batch) => logs <= batch.logs) ?? (BATCHES.at(-1) as Batch);
  const more = BATCHES[BATCHES.indexOf(least) - 1];
  if (logs >= least.logs || more === undefined) return least;
  const share = (1 / logs - 1 / least.logs) / (1 / more.logs - 1 / least.logs);
  const between = (key: 'writeUnits' | 'cpu'): number => least[key] + share * (more[key] - least[key]);
  return { logs, writeUnits: between('writeUnits'), cpu: between('cpu') };
}
