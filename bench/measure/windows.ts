import { nodeOptions, QUERY_HEAP } from '../../infra/node-options.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import { SECOND } from '../../shared/time.ts';
import { windowOf } from '../data.ts';
import type { Context, Measurement, Result } from '../measurement.ts';
import { startCanned, startSubject } from '../subject.ts';
import type { WindowReads } from '../subjects/window-reads.ts';
import type { Row } from '../table.ts';

const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Lengths in milliseconds, and how many logs lie in them. */
const WINDOWS = [
  { name: '1 minute', length: MINUTE, logs: 10 },
  { name: '5 minutes', length: 5 * MINUTE, logs: 10_000 },
  { name: '1 hour', length: HOUR, logs: 100_000 },
  { name: '48 hours', length: 48 * HOUR, logs: 10 },
  { name: '48 hours', length: 48 * HOUR, logs: 1_000_000 },
];

/** More differ in nothing that is counted here. */
const DISTINCT_LOGS = 5_000;

async function readWindow(logs: number, length: number): Promise<WindowReads> {
  const gap = length / logs;
  const canned = await startCanned({ shape: 'service', count: logs, distinct: DISTINCT_LOGS, gap });
  try {
    const subject = await startSubject<{ window: TimeWindow }, WindowReads>(
      './subjects/window-reads.ts',
      canned.url,
      nodeOptions(QUERY_HEAP),
    );
    return await subject.ask({ window: windowOf(logs, gap) }).finally(subject.close);
  } finally {
    await canned.close();
  }
}

async function run({ size, progress }: Context): Promise<Result> {
  const rows: Row[] = [];
  for (const { name, length, logs } of WINDOWS) {
    progress(`${name}, ${size(logs)} logs`);
    const { results, queries, readUnits, rounds, elapsedMs } = await readWindow(size(logs), length);
    if (results !== size(logs)) throw new Error(`${results} of ${size(logs)} logs were collected`);
    rows.push({
      window: name,
      logs: results,
      queries,
      'read units': readUnits,
      rounds,
      'collecting ms': elapsedMs,
    });
  }
  return {
    rows,
    notes: [
      'the logs evenly spread over the window, both applications asked; counted where the store asks, in one run, and ' +
        'timed in another; without the bounds on what one answer may hold',
      'read units strongly consistent: what each query reads, rounded up to 4 KB, and 1 if it finds nothing',
      'rounds: queries that follow each other if all take the same time, so rounds times the time of one query of ' +
        'DynamoDB is the least a window takes',
      `collecting against the canned endpoint, without sending; documents come again after ${DISTINCT_LOGS} of them`,
    ],
  };
}

export const windows: Measurement = {
  name: 'windows',
  title: '8. What DynamoDB is asked for a window',
  run,
};
