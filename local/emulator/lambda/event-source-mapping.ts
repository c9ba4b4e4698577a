import { setTimeout } from 'node:timers/promises';
import { md5, type ReceivedMessage, systemAttributes } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';
import { failedMessages } from './batch-response.ts';
import type { InvocationResponse } from './runtime-api.ts';

/** Lambda's largest payload, less room for the JSON around the messages. Bytes. */
const PAYLOAD_LIMIT = 5.5 * 1024 * 1024;
/** How long one poll of an empty queue takes, milliseconds. */
const LOOK = 20_000;
/** How long batches under way may take when the stack stops, milliseconds. */
const CLOSE_PATIENCE = 1500;

export interface EventSourceMappingOptions {
  readonly queue: Queue;
  readonly region: string;
  readonly senderId: string;
  readonly batchSize: number;
  /** How long to wait for a batch to fill, milliseconds. */
  readonly window: number;
  /** How many batches are under way at once. */
  readonly concurrency: number;
  /** Whether the function says which messages failed. */
  readonly reportsFailures: boolean;
  invoke(payload: string): Promise<InvocationResponse>;
  onFailure(error: unknown): void;
}

/**
 * Feeds a function from a queue, as Lambda's pollers do. Processed messages are deleted; the others come back when
 * their visibility timeout has passed.
 *
 * @returns `close`, which waits a moment for the batches under way, whose unfinished messages come back; and `drain`,
 *   which waits until they are finished
 */
export function startEventSourceMapping(options: EventSourceMappingOptions) {
  const stopping = new AbortController();
  const pollers = Array.from({ length: options.concurrency }, () => poll(options, stopping.signal));
  return {
    async close(): Promise<void> {
      stopping.abort();
      await Promise.race([Promise.all(pollers), setTimeout(CLOSE_PATIENCE, undefined, { ref: false })]);
    },
    async drain(): Promise<void> {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
}

async function poll(options: EventSourceMappingOptions, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const batch = await collect(options, stop);
    if (batch.length === 0) continue;
    try {
      await process(options, batch);
    } catch (error) {
      // While the stack stops, functions end before their answer.
      if (!stop.aborted) options.onFailure(error);
    }
  }
}

/** Waits for a message, then for more until the batch is full or the window has passed. */
async function collect(
  { queue, batchSize, window }: EventSourceMappingOptions,
  stop: AbortSignal,
): Promise<ReceivedMessage[]> {
  const batch = await queue.receive(batchSize, LOOK, stop);
  const closing = Date.now() + window;
  let size = sizeOf(batch);
  while (batch.length > 0 && batch.length < batchSize && size < PAYLOAD_LIMIT && !stop.aborted) {
    const left = closing - Date.now();
    if (left <= 0) break;
    const more = await queue.receive(batchSize - batch.length, left, stop);
    batch.push(...more);
    size += sizeOf(more);
  }
  return withinLimit(queue, batch);
}

const sizeOf = (messages: readonly ReceivedMessage[]): number =>
  messages.reduce((sum, { body }) => sum + body.length, 0);

/** Makes messages that do not fit in one payload visible again. */
function withinLimit(queue: Queue, batch: readonly ReceivedMessage[]): ReceivedMessage[] {
  let size = 0;
  return batch.filter((message, index) => {
    size += Buffer.byteLength(message.body);
    const fits = index === 0 || size <= PAYLOAD_LIMIT;
    if (!fits) queue.changeVisibility(message.receiptHandle, 0);
    return fits;
  });
}

async function process(options: EventSourceMappingOptions, batch: readonly ReceivedMessage[]): Promise<void> {
  const { queue, invoke, reportsFailures } = options;
  const answer = await invoke(JSON.stringify(sqsEvent(options, batch)));
  if (answer.mode === 'streaming') throw new Error('a function that streams cannot process a queue');
  const ids = batch.map(({ id }) => id);
  const failed = reportsFailures ? failedMessages(answer.payload, ids) : new Set();
  await queue.delete(batch.filter(({ id }) => !failed.has(id)).map(({ receiptHandle }) => receiptHandle));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
const sqsEvent = (
  { queue, region, senderId }: EventSourceMappingOptions,
  batch: readonly ReceivedMessage[],
) => ({
  Records: batch.map((message) => ({
    messageId: message.id,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message, senderId),
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
        name,
        { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue },
      ]),
    ),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queue.options.arn,
    awsRegion: region,
  })),
});
