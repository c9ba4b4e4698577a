import * as z from 'zod/mini';
import { AwsError, type AwsService, jsonService, type Operation, operation } from '../http/aws-service.ts';
import { SECOND } from '../time.ts';
import { attributesMd5 } from './attributes-md5.ts';
import { md5, newMessage } from './message.ts';
import { type MessageMoveOperations, sourcesOf } from './message-move-operations.ts';
import { MessageTooLong, OverLimit, type Queue } from './queue.ts';
import {
  batchOf,
  changeVisibilitySchema,
  entrySchema,
  messageSchema,
  names,
  pick,
  queueAttributes,
  queueSchema,
  receiveSchema,
  shown,
} from './shapes.ts';

/**
 * The part of SQS that is needed to look into queues and to send, receive and delete messages.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */

/**
 * @param queues by name
 * @param onFault is told why an entry of a batch failed, if it is not the sender's fault
 */
export function sqs(
  queues: ReadonlyMap<string, Queue>,
  senderId: string,
  moves: MessageMoveOperations,
  onFault: (error: unknown) => void,
): AwsService {
  const find = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue !== undefined) return queue;
    throw new AwsError(400, 'com.amazonaws.sqs#QueueDoesNotExist', `The local stack has no queue ${name}.`);
  };
  const onQueue = <Input extends { QueueUrl: string }>(
    schema: z.ZodMiniType<Input>,
    run: (queue: Queue, input: Input, signal: AbortSignal) => Promise<object> | object,
  ): Operation => operation(schema, (input, signal) => run(find(nameIn(input.QueueUrl)), input, signal));

  return jsonService('AmazonSQS', {
    ListQueues: operation(
      z.object({ QueueNamePrefix: z._default(z.string(), '') }),
      ({ QueueNamePrefix }) => ({
        QueueUrls: [...queues.values()]
          .filter(({ options }) => options.name.startsWith(QueueNamePrefix))
          .map(({ options }) => options.url),
      }),
    ),
    GetQueueUrl: operation(z.object({ QueueName: z.string() }), ({ QueueName }) => ({
      QueueUrl: find(QueueName).options.url,
    })),
    GetQueueAttributes: onQueue(
      z.extend(queueSchema, { AttributeNames: names }),
      (queue, { AttributeNames }) => ({
        Attributes: pick(queueAttributes(queue), AttributeNames),
      }),
    ),
    SendMessage: onQueue(z.extend(queueSchema, messageSchema.shape), sendMessage),
    SendMessageBatch: onQueue(batchOf(z.extend(entrySchema, messageSchema.shape)), (queue, { Entries }) =>
      eachEntry(Entries, (entry) => sendMessage(queue, entry), onFault),
    ),
    ReceiveMessage: onQueue(receiveSchema, async (queue, input, signal) => {
      const { WaitTimeSeconds: wait, VisibilityTimeout: visibility } = input;
      const { receiveWait, visibilityTimeout } = queue.options;
      const messages = await queue
        .receive(
          input.MaxNumberOfMessages,
          wait === undefined ? receiveWait : wait * SECOND,
          signal,
          visibility === undefined ? visibilityTimeout : visibility * SECOND,
        )
        .catch(refuseOverLimit);
      const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      return {
        Messages: messages.map((message) => shown(message, senderId, system, input.MessageAttributeNames)),
      };
    }),
    DeleteMessage: onQueue(z.extend(queueSchema, { ReceiptHandle: z.string() }), deleteMessage),
    DeleteMessageBatch: onQueue(
      batchOf(z.extend(entrySchema, { ReceiptHandle: z.string() })),
      (queue, { Entries }) => eachEntry(Entries, (entry) => deleteMessage(queue, entry), onFault),
    ),
    ChangeMessageVisibility: onQueue(z.extend(queueSchema, changeVisibilitySchema.shape), changeVisibility),
    ChangeMessageVisibilityBatch: onQueue(
      batchOf(z.extend(entrySchema, changeVisibilitySchema.shape)),
      (queue, { Entries }) => eachEntry(Entries, async (entry) => changeVisibility(queue, entry), onFault),
    ),
    ListDeadLetterSourceQueues: onQueue(queueSchema, (queue) => ({
      // In lower case, as SQS has it.
      queueUrls: sourcesOf(queue, [...queues.values()]).map(({ options }) => options.url),
    })),
    PurgeQueue: onQueue(queueSchema, async (queue) => {
      await queue.purge();
      return {};
    }),
    ...moves.operations,
  });
}

function refuseOverLimit(error: unknown): never {
  if (!(error instanceof OverLimit)) throw error;
  throw new AwsError(400, 'com.amazonaws.sqs#OverLimit', error.message);
}

const nameIn = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

async function sendMessage(
  queue: Queue,
  { MessageBody, DelaySeconds, MessageAttributes }: z.infer<typeof messageSchema>,
): Promise<object> {
  const message = newMessage(MessageBody, MessageAttributes);
  try {
    await queue.send([message], DelaySeconds === undefined ? queue.options.delay : DelaySeconds * SECOND);
  } catch (error) {
    if (!(error instanceof MessageTooLong)) throw error;
    throw new AwsError(400, 'com.amazonaws.sqs#InvalidMessageContents', error.message);
  }
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(MessageBody),
    MD5OfMessageAttributes: attributesMd5(MessageAttributes),
  };
}

function changeVisibility(
  queue: Queue,
  { ReceiptHandle, VisibilityTimeout }: z.infer<typeof changeVisibilitySchema>,
): object {
  if (queue.changeVisibility(ReceiptHandle, VisibilityTimeout * SECOND)) return {};
  throw new AwsError(400, 'com.amazonaws.sqs#MessageNotInflight', 'The message is not in flight.');
}

async function deleteMessage(queue: Queue, { ReceiptHandle }: { ReceiptHandle: string }): Promise<object> {
  await queue.delete([ReceiptHandle]);
  return {};
}

/** Runs the entries of a batch, each of which can fail by itself. */
async function eachEntry<Entry extends { Id: string }>(
  entries: readonly Entry[],
  run: (entry: Entry) => Promise<object>,
  onFault: (error: unknown) => void,
): Promise<object> {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...(await run(entry)) });
    } catch (error) {
      const known = error instanceof AwsError;
      if (!known) onFault(error);
      const { code, message } = known ? error : { code: 'InternalFailure', message: 'Send it again.' };
      Failed.push({ Id: entry.Id, SenderFault: known, Code: code, Message: message });
    }
  }
  return { Successful, Failed };
}
