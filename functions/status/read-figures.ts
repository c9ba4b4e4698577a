import { GetEventSourceMappingCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OpenFeedTable } from '../../shared/feed/feed-table.ts';
import { findLastStored } from '../../shared/status/find-last-stored.ts';
import type { CustomServiceKind, DeliveryFigures, QueueCounts } from '../../shared/status/service-status.ts';
import type { StatusDependencies } from './status.ts';

export interface FigureSources {
  readonly openTable: OpenFeedTable;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly version: string;
  readonly ingestQueueUrl: string;
  readonly kind: CustomServiceKind;
  /** Only of the kind `each-log`. */
  readonly delivery:
    | {
        readonly mappingIds: readonly string[];
        readonly queueUrl: string;
        readonly retryQueueUrl: string;
        readonly deadLetterQueueUrl: string;
      }
    | undefined;
}

/** Asks the feed's table, SQS and Lambda for the figures of the status, all at the same time. */
export const figureReader =
  ({
    openTable,
    sqs,
    lambda,
    version,
    ingestQueueUrl,
    kind,
    delivery,
  }: FigureSources): StatusDependencies['read'] =>
  async (now, abortSignal) => {
    const count = (url: string): Promise<QueueCounts> => countMessages(sqs, url, abortSignal);
    const stateOf = async (UUID: string): Promise<string> => {
      const command = new GetEventSourceMappingCommand({ UUID });
      return (await lambda.send(command, { abortSignal })).State ?? '';
    };
    const deliveryFigures = async (): Promise<DeliveryFigures | undefined> => {
      if (delivery === undefined) return undefined;
      const [mappingStates, fresh, retries, givenUp] = await Promise.all([
        Promise.all(delivery.mappingIds.map(stateOf)),
        count(delivery.queueUrl),
        count(delivery.retryQueueUrl),
        count(delivery.deadLetterQueueUrl),
      ]);
      return { mappingStates, fresh, retries, givenUp };
    };
    const [lastStored, ingest, ofDelivery] = await Promise.all([
      findLastStored(openTable(abortSignal), now),
      count(ingestQueueUrl),
      deliveryFigures(),
    ]);
    return { version, lastStored, ingest, kind, delivery: ofDelivery };
  };

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

async function countMessages(
  sqs: SQSClient,
  QueueUrl: string,
  abortSignal: AbortSignal,
): Promise<QueueCounts> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] });
  const { Attributes = {} } = await sqs.send(command, { abortSignal });
  const all = COUNTS.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  if (!Number.isInteger(all)) throw new Error('SQS gave no count of a queue');
  return { all };
}
