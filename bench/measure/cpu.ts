import { nodeOptions, QUERY_HEAP } from '../../infra/node-options.ts';
import { windowOf } from '../data.ts';
import { type Context, type Measurement, median, type Result, ratio, repeat } from '../measurement.ts';
import { startCanned, startSubject } from '../subject.ts';
import type { QueryAnswer, QueryQuestion } from '../subjects/query-function.ts';
import type { Row } from '../table.ts';

const LOGS = 20_000;
const RUNS = 3;

/** The median answer by its CPU, after a run to warm up. */
async function measure(
  module: string,
  endpoint: string,
  question: QueryQuestion,
  nodeOptions: readonly string[] = [],
): Promise<QueryAnswer> {
  const subject = await startSubject<QueryQuestion, QueryAnswer>(module, endpoint, nodeOptions);
  try {
    await subject.ask(question);
    const answers = await repeat(RUNS, () => subject.ask(question));
    const middle = median(answers.map(({ whole }) => whole.cpuMs));
    return answers.find(({ whole }) => whole.cpuMs === middle) as QueryAnswer;
  } finally {
    await subject.close();
  }
}

async function run({ size, progress, cannedService }: Context): Promise<Result> {
  const count = size(LOGS);
  const window = windowOf(count);
  // A window holds about as many as it is asked for.
  const stored = Math.ceil(1.2 * count) + 100;
  progress('the straightforward way');
  const maps = await startCanned({ shape: 'map', count: stored, distinct: stored });
  const straightforward = await measure('./subjects/straightforward.ts', maps.url, {
    window,
    encoding: 'gzip',
  }).finally(maps.close);

  const row = (way: string, { results, bytes, collecting, whole }: QueryAnswer): Row => ({
    way,
    'CPU us a log': (1000 * whole.cpuMs) / results,
    'of it collecting': (1000 * collecting.cpuMs) / results,
    'bytes a log': bytes / results,
    'less CPU': ratio(straightforward.whole.cpuMs / straightforward.results, whole.cpuMs / results),
  });
  const rows = [row('DocumentClient, maps, JSON.stringify, gzip', straightforward)];
  let results = 0;
  for (const encoding of ['gzip', 'br', 'zstd', 'identity']) {
    progress(`the query function, ${encoding}`);
    const answer = await measure(
      './subjects/query-function.ts',
      await cannedService(),
      { window, encoding },
      nodeOptions(QUERY_HEAP),
    );
    ({ results } = answer);
    rows.push(row(`this service, ${encoding}`, answer));
  }
  if (results !== straightforward.results) throw new Error('the two ways have answered different logs');
  return {
    rows,
    notes: [
      `${results} logs, the median of ${RUNS} runs after one to warm up; CPU of all threads of the function's process`,
      'each way against a canned endpoint with the same logs under the same keys; no TLS on either side',
    ],
  };
}

export const cpu: Measurement = {
  name: 'cpu',
  title: '2. CPU from stored bytes to sent bytes',
  run,
};
