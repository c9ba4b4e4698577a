import * as z from 'zod/mini';
import { type AwsService, jsonService, type Operation, operation } from '../http/aws-service.ts';
import { md5, newMessage } from './message.ts';
import { type MessageMoveOperations, sourcesOf } from './message-move-operations.ts';
import { MessageTooLong, OverLimit, type Queue } from './queue.ts';
import {
  messageSchema,
  names,
  pick,
  queueAttributes,
  queueSchema,
  receiveSchema,
  shown,
  sqsError,
  visibilitySchema,
} from './shapes.ts';

/**
 * The operations of SQS that look into queues, and that send, receive, hide and delete single messages.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 *
 * @param queues by name
 */
export function sqs(
  queues: ReadonlyMap<string, Queue>,
  senderId: string,
  moves: MessageMoveOperations,
): AwsService {
  const find = (name: string): Queue => {
    const queue = queues.get(name);
    if (queue !== undefined) return queue;
    throw sqsError('QueueDoesNotExist', `The local stack has no queue ${name}.`);
  };
  const onQueue = <Input extends { QueueUrl: string }>(
    schema: z.ZodMiniType<Input>,
    run: (queue: Queue, input: Input, signal: AbortSignal) => Promise<object> | object,
  ): Operation => operation(schema, (input, signal) => run(find(nameIn(input.QueueUrl)), input, signal));
  const urls = (queues: readonly Queue[]): string[] => queues.map(({ options }) => options.url);
  const all = [...queues.values()];

  return jsonService('AmazonSQS', {
    ListQueues: operation(
      z.object({ QueueNamePrefix: z._default(z.string(), '') }),
      ({ QueueNamePrefix }) => ({
        QueueUrls: urls(all.filter(({ options }) => options.name.startsWith(QueueNamePrefix))),
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
    SendMessage: onQueue(messageSchema, async (queue, { MessageBody, DelaySeconds, MessageAttributes }) => {
      const message = newMessage(MessageBody, MessageAttributes);
      await queue.send([message], DelaySeconds).catch(refuse);
      return { MessageId: message.id, MD5OfMessageBody: md5(MessageBody) };
    }),
    ReceiveMessage: onQueue(receiveSchema, async (queue, input, signal) => {
      const { MaxNumberOfMessages, WaitTimeSeconds = 0, VisibilityTimeout } = input;
      const messages = await queue
        .receive(MaxNumberOfMessages, WaitTimeSeconds, signal, VisibilityTimeout)
        .catch(refuse);
      const system = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      return {
        Messages: messages.map((message) => shown(message, senderId, system, input.MessageAttributeNames)),
      };
    }),
    DeleteMessage: onQueue(
      z.extend(queueSchema, { ReceiptHandle: z.string() }),
      async (queue, { ReceiptHandle }) => {
        await queue.delete([ReceiptHandle]);
        return {};
      },
    ),
    ChangeMessageVisibility: onQueue(visibilitySchema, (queue, { ReceiptHandle, VisibilityTimeout }) => {
      if (queue.changeVisibility(ReceiptHandle, VisibilityTimeout)) return {};
      throw sqsError('MessageNotInflight', 'The message is not in flight.');
    }),
    // `queueUrls` is in lower case, as in SQS.
    ListDeadLetterSourceQueues: onQueue(queueSchema, (queue) => ({ queueUrls: urls(sourcesOf(queue, all)) })),
    ...moves.operations,
  });
}

/** @throws AwsError for what the client can be told */
function refuse(error: unknown): never {
  if (error instanceof OverLimit) throw sqsError('OverLimit', error.message);
  if (error instanceof MessageTooLong) throw sqsError('InvalidMessageContents', error.message);
  throw error;
}

const nameIn = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
