import * as z from 'zod/mini';
import { AwsError, type AwsService, jsonService, type Operation, operation } from '../http/aws-service.ts';
import { SECOND } from '../time.ts';
import { md5, newMessage } from './message.ts';
import { type MessageMoveOperations, sourcesOf } from './message-move-operations.ts';
import { MessageTooLong, OverLimit, type Queue } from './queue.ts';
import { messageSchema, names, pick, queueAttributes, queueSchema, receiveSchema, shown } from './shapes.ts';

/**
 * The operations of SQS that look into queues, and that send, receive and delete single messages.
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
    throw new AwsError(400, 'com.amazonaws.sqs#QueueDoesNotExist', `The local stack has no queue ${name}.`);
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
    SendMessage: onQueue(messageSchema, sendMessage),
    ReceiveMessage: onQueue(receiveSchema, async (queue, input, signal) => {
      const { WaitTimeSeconds: wait, VisibilityTimeout: visibility } = input;
      const messages = await queue
        .receive(
          input.MaxNumberOfMessages,
          wait === undefined ? queue.options.receiveWait : wait * SECOND,
          signal,
          visibility === undefined ? undefined : visibility * SECOND,
        )
        .catch(refuseOverLimit);
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
    // `queueUrls` is in lower case, as in SQS.
    ListDeadLetterSourceQueues: onQueue(queueSchema, (queue) => ({ queueUrls: urls(sourcesOf(queue, all)) })),
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
    await queue.send([message], DelaySeconds === undefined ? undefined : DelaySeconds * SECOND);
  } catch (error) {
    if (!(error instanceof MessageTooLong)) throw error;
    throw new AwsError(400, 'com.amazonaws.sqs#InvalidMessageContents', error.message);
  }
  return {
    MessageId: message.id,
    MD5OfMessageBody: md5(MessageBody),
  };
}
