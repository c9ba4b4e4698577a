import { dynamoDbClient } from '../../functions/aws-clients.ts';
import { JSON_PAGES } from '../../functions/http/answer-formats/json-pages.ts';
import { budget } from '../../functions/http/budget/budget.ts';
import { type Cost, leastCost, UNCOMPRESSED } from '../../functions/http/budget/cost.ts';
import { estimateCost } from '../../functions/http/budget/estimate-cost.ts';
import type { ContentEncoding } from '../../functions/http/negotiate-encoding.ts';
import { findLogs } from '../../functions/query/find-logs.ts';
import { HttpError } from '../../shared/http-errors.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import type { Collection, Totals } from '../../shared/store/collect-window.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { SECOND } from '../../shared/time.ts';
import { TABLE_NAME } from '../data.ts';
import { median, repeat } from '../measurement.ts';
import { answerParent, measureWork, type Work } from '../subject.ts';

/**
 * How many logs the query function takes on before it answers 408: its own decision with its own limits, on a clock
 * that goes as measured, so that no request of a minute has to be waited for.
 */

export interface AdmissionQuestion {
  /** Holds the logs that are measured. */
  readonly window: TimeWindow;
  readonly encoding: ContentEncoding;
  /** The limits of a request. */
  readonly timeoutMs: number;
  readonly memoryBytes: number;
}

export interface Admission {
  readonly logs: number;
}

/** What the decision depends on, as measured; milliseconds of one vCPU. */
interface Measured {
  readonly sample: Totals;
  readonly collectingMs: number;
  readonly measuringMs: number;
  readonly cost: Cost;
}

const RUNS = 3;
/** More than any request can hold. */
const MOST_LOGS = 2 ** 24;
const WINDOW: TimeWindow = { from: 0, until: 3600 * SECOND };

/** On one vCPU work takes at least the CPU time of all threads. */
const oneCpuMs = ({ elapsedMs, cpuMs }: Work): number => Math.max(elapsedMs, cpuMs);

const store = logStore({ client: dynamoDbClient(1), tableName: TABLE_NAME, retentionHours: 48 });

async function measure({ window, encoding }: AdmissionQuestion): Promise<Measured> {
  const collect = async () => {
    const work = measureWork();
    const collection = await store.collect(window, ['player', 'builder'], Date.now(), {
      signal: new AbortController().signal,
      hasRoom: () => true,
    });
    return { collection, collectingMs: oneCpuMs(work()) };
  };
  await collect();
  const { collection, collectingMs } = await collect();
  const estimate = async () => {
    const work = measureWork();
    const cost = await estimateCost(collection, JSON_PAGES, encoding);
    const done = work();
    const measuringMs = oneCpuMs(done);
    return { ...cost, measuringMs, workMs: (cost.workMs * measuringMs) / done.elapsedMs };
  };
  const { kind } = await estimate();
  const estimates = await repeat(RUNS, estimate);
  const middle = (name: 'measuringMs' | 'sentBytes' | 'workMs'): number =>
    median(estimates.map((one) => one[name]));
  return {
    sample: collection,
    collectingMs,
    measuringMs: middle('measuringMs'),
    cost: { kind, sentBytes: middle('sentBytes'), workMs: middle('workMs') },
  };
}

/** Whether so many logs like those of the sample are answered with 200. */
async function admits(logs: number, measured: Measured, question: AdmissionQuestion): Promise<boolean> {
  const { sample, collectingMs, measuringMs, cost } = measured;
  const { encoding, timeoutMs, memoryBytes } = question;
  const times = logs / sample.results;
  const totals: Totals = {
    results: logs,
    documentBytes: times * sample.documentBytes,
    encodedBytes: times * sample.encodedBytes,
  };
  let now = 0;
  const find = findLogs({
    async collect(_window, _applications, _now, { hasRoom }): Promise<Collection> {
      now += times * collectingMs;
      const readUntil = hasRoom(totals) ? undefined : WINDOW.until;
      return { ...totals, read: logs, readUntil, inOrder: () => [] };
    },
  });
  const limits = budget({ deadline: timeoutMs, memoryBytes, now: () => now, format: JSON_PAGES });
  try {
    const query = { window: WINDOW, applications: [], timeFormat: 'published' as const };
    const found = await find(query, now, limits, leastCost(encoding));
    if (found.fit(UNCOMPRESSED)) return true;
    now += measuringMs;
    return found.fit(cost);
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
}

answerParent<AdmissionQuestion, Admission>(async (question) => {
  const measured = await measure(question);
  let [admitted, refused] = [0, MOST_LOGS];
  while (refused - admitted > 1) {
    const logs = (admitted + refused) >> 1;
    if (await admits(logs, measured, question)) admitted = logs;
    else refused = logs;
  }
  return { logs: admitted };
});
