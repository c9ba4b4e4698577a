import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { nodeOptions, QUERY_HEAP } from '../../infra/node-options.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import { arrayOfLines } from '../array-of-lines.ts';
import { benchLogs, windowOf } from '../data.ts';
import { type Context, type Measurement, median, type Result, ratio, repeat } from '../measurement.ts';
import { type PostgresqlCluster, startPostgresql } from '../postgresql-cluster.ts';
import { startSubject } from '../subject.ts';
import type { QueryAnswer, QueryQuestion } from '../subjects/query-function.ts';
import type { Row } from '../table.ts';
import { ThrottledReader } from '../throttled-reader.ts';

const LOGS = 100_000;
/** Logs that lie around those asked for. */
const STORED = 120_000;
/** Enough for the function's code to be compiled; PostgreSQL reads all of the table into its cache first. */
const WARM_UP_LOGS = 20_000;
const RUNS = 3;

/** Quotes and delimiters that JSON never holds, so that a row is a line of JSON as it is. */
const FORMAT = `(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')`;

async function execute(cluster: PostgresqlCluster, sql: string, input: Iterable<string> = []): Promise<void> {
  const psql = cluster.psql(sql);
  await Promise.all([pipeline(Readable.from(input), psql.stdin as Writable), success(psql)]);
}

async function success(psql: ChildProcess): Promise<void> {
  const [code] = await once(psql, 'exit');
  if (code !== 0) throw new Error(`psql ended with status ${code}`);
}

async function load(cluster: PostgresqlCluster, count: number): Promise<void> {
  await execute(cluster, 'CREATE TABLE logs (at timestamptz NOT NULL, id text NOT NULL, log jsonb NOT NULL)');
  await execute(cluster, `COPY logs FROM STDIN WITH ${FORMAT}`, lines(count));
  await execute(cluster, 'CREATE UNIQUE INDEX ON logs (at, id)');
  await execute(cluster, 'VACUUM ANALYZE logs');
}

function* lines(count: number): Generator<string> {
  for (const { id, log } of benchLogs(count)) {
    yield `${log['@timestamp']}\x02${id}\x02${JSON.stringify(log)}\n`;
  }
}

async function askPostgresql(cluster: PostgresqlCluster, { from, until }: TimeWindow) {
  const at = (instant: number): string => `'${new Date(instant).toISOString()}'`;
  const question = `SELECT log FROM logs WHERE at >= ${at(from)} AND at < ${at(until)} ORDER BY at, id`;
  const startedAt = performance.now();
  const psql = cluster.psql(`COPY (${question}) TO STDOUT WITH ${FORMAT}`);
  psql.stdin?.end();
  let results = 0;
  const reader = new ThrottledReader();
  const counting = arrayOfLines(() => {
    results += 1;
  });
  const read = async (): Promise<number> => {
    await pipeline(psql.stdout as Readable, counting, createGzip({ level: 6 }), reader);
    return performance.now() - startedAt;
  };
  const [totalMs] = await Promise.all([read(), success(psql)]);
  return { results, bytes: reader.bytes, totalMs };
}

async function run({ size, progress, cannedService, started }: Context): Promise<Result> {
  const cluster = await startPostgresql(started);
  if (cluster === undefined) {
    return { rows: [], notes: ["skipped: PostgreSQL is not installed (Debian's package postgresql)"] };
  }
  const window = windowOf(size(LOGS));
  const { version } = cluster;
  progress('loading PostgreSQL');
  await load(cluster, size(STORED));
  progress('asking PostgreSQL');
  await askPostgresql(cluster, window);
  const theirs = await repeat(RUNS, () => askPostgresql(cluster, window));
  const time = median(theirs.map(({ totalMs }) => totalMs));
  const { results = 0, bytes = 0 } = theirs[0] ?? {};
  const rows: Row[] = [
    {
      way: 'PostgreSQL, COPY, gzip',
      logs: results,
      'total s': time / 1000,
      MB: bytes / 1e6,
      faster: '1 x',
    },
  ];
  const subject = await startSubject<QueryQuestion, QueryAnswer>(
    './subjects/query-function.ts',
    await cannedService(),
    nodeOptions(QUERY_HEAP),
  );
  await started.add(subject.close);
  for (const encoding of ['gzip', 'zstd']) {
    progress(`asking the query function, ${encoding}`);
    await subject.ask({ window: windowOf(size(WARM_UP_LOGS)), encoding });
    const ours = await repeat(RUNS, () => subject.ask({ window, encoding }));
    const total = median(ours.map(({ whole }) => whole.elapsedMs));
    const { results: logs = 0, bytes: sent = 0 } = ours[0] ?? {};
    if (logs !== results) throw new Error(`PostgreSQL has found ${results} logs, the function ${logs}`);
    rows.push({
      way: `this service, ${encoding}`,
      logs,
      'total s': total / 1000,
      MB: sent / 1e6,
      faster: ratio(time, total),
    });
  }
  return {
    rows,
    notes: [
      `${version}, unix socket, everything in its cache; jsonb, unique index on (at, id), COPY to psql to gzip level 6 in Node`,
      `the median of ${RUNS} runs after one to warm up, until the last byte is there; HTTP on neither side`,
      'PostgreSQL is not asked for the number of logs before the first byte, which the service must tell',
    ],
  };
}

export const postgresql: Measurement = {
  name: 'postgresql',
  title: '5. The same question put to PostgreSQL',
  run,
};
