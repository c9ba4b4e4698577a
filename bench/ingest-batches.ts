import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { producerDetail } from '../tools/synthetic-logs/synthetic-logs.ts';
import { benchLogs } from './data.ts';
import { answerParent, measureWork, type Work } from './subject.ts';

/** What the two ways of ingesting are measured with: events as the ingest function gets them from its queue. */

export interface IngestQuestion {
  readonly events: number;
  /** Events in a batch; one batch follows the other, as Lambda gives them to one process. */
  readonly batchSize: number;
}

type Invoke = (event: SQSEvent, context: object) => Promise<SQSBatchResponse>;

/** For the subject: takes the batches that its parent asks for. */
export function answerWithIngest(handler: unknown): void {
  const invoke = handler as Invoke;
  answerParent<IngestQuestion, Work>(async ({ events, batchSize }) => {
    const batches = queueBatches(events, batchSize);
    const work = measureWork();
    for (const batch of batches) {
      const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 };
      const { batchItemFailures } = await invoke(batch, context);
      if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events failed`);
    }
    return work();
  });
}

function queueBatches(events: number, batchSize: number): SQSEvent[] {
  const batches: SQSEvent[] = [];
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
    const record = {
      messageId: id,
      body,
      eventSourceARN: 'events',
      attributes: { SentTimestamp: '0' },
      messageAttributes: {},
    };
    const last = batches.at(-1)?.Records;
    if (last && last.length < batchSize) last.push(record as SQSEvent['Records'][number]);
    else batches.push({ Records: [record as SQSEvent['Records'][number]] });
  }
  return batches;
}
