import { nodeOptions, QUERY_HEAP } from '../../infra/node-options.ts';
import { windowOf } from '../data.ts';
import { type Context, type Measurement, type Result, ratio } from '../measurement.ts';
import { startSubject } from '../subject.ts';
import type { Admission, AdmissionQuestion } from '../subjects/admission.ts';
import type { QueryAnswer, QueryQuestion } from '../subjects/query-function.ts';
import type { Row } from '../table.ts';

/** AWS's cap on a streamed answer, and the time a request has. */
const BURST_BYTES = 6_000_000;
const BYTES_PER_MS = 2_000;
const REQUEST_MS = 55_000;
/** What the deployed function gives the logs of a request (infra/log-api.ts). */
const COLLECT_MEMORY_BYTES = 512 * 2 ** 20;
/** How much shorter the default run is: time and burst are divided by it, the rate is as it is. */
const SHORTENED = 10;

/** A first guess at what fits into the full time; each run corrects it. */
const ENCODINGS = [
  ['identity', 66_000],
  ['gzip', 400_000],
  ['br', 550_000],
  ['zstd', 600_000],
] as const;
const RUNS = 3;
/** What the service expects a request to cost is measured on so many. */
const ADMISSION_LOGS = 40_000;

/** On one vCPU a phase takes at least the CPU time that all its threads take together. */
function requestMs({ collecting, whole }: QueryAnswer): number {
  const sending = {
    elapsedMs: whole.elapsedMs - collecting.elapsedMs,
    cpuMs: whole.cpuMs - collecting.cpuMs,
  };
  return Math.max(collecting.elapsedMs, collecting.cpuMs) + Math.max(sending.elapsedMs, sending.cpuMs);
}

/** How many logs the service would answer with 200 rather than 408 in a whole request, as it measures them here. */
async function admittedLogs(url: string, question: Pick<AdmissionQuestion, 'window' | 'encoding'>) {
  const subject = await startSubject<AdmissionQuestion, Admission>(
    './subjects/admission.ts',
    url,
    nodeOptions(QUERY_HEAP),
  );
  const limits = { timeoutMs: REQUEST_MS, memoryBytes: COLLECT_MEMORY_BYTES };
  return subject.ask({ ...question, ...limits }).finally(subject.close);
}

async function run({ size, scale, progress, cannedService, started }: Context): Promise<Result> {
  const part = Math.min(1, scale / SHORTENED);
  const time = REQUEST_MS * part;
  const cap = { burstBytes: BURST_BYTES * part, bytesPerMs: BYTES_PER_MS };
  const url = await cannedService();
  const subject = await startSubject<QueryQuestion, QueryAnswer>(
    './subjects/query-function.ts',
    url,
    nodeOptions(QUERY_HEAP),
  );
  await started.add(subject.close);
  const rows: Row[] = [];
  let identity = 0;
  for (const [encoding, guess] of ENCODINGS) {
    await subject.ask({ window: windowOf((guess * part) / 10), encoding });
    let logs = guess * part;
    let answer: QueryAnswer | undefined;
    for (let i = 0; i < RUNS; i++) {
      answer = await subject.ask({ window: windowOf(logs), encoding, cap });
      logs = (answer.results * time) / requestMs(answer);
      progress(`${encoding}: about ${Math.round(logs / part)} logs in a request`);
    }
    if (answer === undefined) continue;
    const admitted = await admittedLogs(url, { window: windowOf(size(ADMISSION_LOGS)), encoding });
    progress(`${encoding}: ${admitted.logs} admitted`);
    if (encoding === 'identity') identity = logs;
    const bytesPerLog = answer.bytes / answer.results;
    const full = (logs * bytesPerLog) / (cap.burstBytes + cap.bytesPerMs * time);
    rows.push({
      encoding,
      'logs in 55 s': logs / part,
      admitted: admitted.logs,
      'against identity': ratio(logs, identity),
      'bytes a log': bytesPerLog,
      'of the cap used': `${Math.round(100 * full)} %`,
      'CPU us a log': (1000 * answer.whole.cpuMs) / answer.results,
    });
  }
  const shortened =
    part === 1
      ? 'at full length'
      : `time and burst at 1/${Math.round(1 / part)}, a request of ${time / 1000} s, and the logs multiplied back`;
  return {
    rows,
    notes: [
      `${shortened}; 2 MB/s after the burst; the function's whole handler, the canned endpoint, no TLS`,
      'counted as on one vCPU: a phase lasts at least the CPU time of all its threads',
      'logs in 55 s: as many as are sent by then; admitted: as many as the service itself takes on before it answers ' +
        '408, with its own estimate of the cost, its reserves (1 s, and a tenth of the budget where it estimates) and ' +
        '512 MiB; decided on a clock that goes as collecting and estimating were measured here',
    ],
  };
}

export const requests: Measurement = {
  name: 'requests',
  title: '1. Logs in one request of 55 seconds, under the cap of AWS',
  run,
};
