import { handler } from '../../functions/ingest/handler.ts';
import { producerDetail } from '../../tools/synthetic-logs/synthetic-logs.ts';
import { benchLogs } from '../data.ts';
import { answerParent, measureWork, type Work } from '../subject.ts';

/** The ingest function, its whole handler, on batches as the queue gives them. */

export interface IngestQuestion {
  readonly events: number;
  /** Events in a batch; one batch follows the other, as Lambda gives them to one process. */
  readonly batchSize: number;
}

const invoke = handler as unknown as (event: object, context: object) => Promise<{ batchItemFailures: [] }>;

answerParent<IngestQuestion, Work>(async ({ events, batchSize }) => {
  const batches = makeBatches(events, batchSize);
  const work = measureWork();
  for (const Records of batches) {
    const { batchItemFailures } = await invoke(
      { Records },
      { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 },
    );
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events failed`);
  }
  return work();
});

function makeBatches(events: number, batchSize: number): object[][] {
  const batches: object[][] = [];
  for (const { id, log } of benchLogs(events)) {
    const detail = producerDetail(log, id);
    const envelope = {
      version: '0',
      id,
      'detail-type': 'Security Event',
      source: 'easysend.player',
      account: '000000000000',
      time: `${log['@timestamp'].slice(0, 19)}Z`,
      region: 'us-east-1',
      resources: [],
    };
    const body = `${JSON.stringify(envelope).slice(0, -1)},"detail":${detail}}`;
    const record = { messageId: id, body, attributes: { SentTimestamp: '0' }, messageAttributes: {} };
    const batch = batches.at(-1);
    if (batch && batch.length < batchSize) batch.push(record);
    else batches.push([record]);
  }
  return batches;
}
