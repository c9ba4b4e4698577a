import * as z from 'zod/mini';
import { SECOND } from '../time.ts';
import { attributesMd5 } from './attributes-md5.ts';
import { md5, type ReceivedMessage, systemAttributes } from './message.ts';
import type { Queue } from './queue.ts';

/** What goes into SQS's operations and what comes out. */

const BATCH_LIMIT = 10;

export const queueSchema = z.object({ QueueUrl: z.string() });
const wholeSeconds = (most: number) => z.int().check(z.gte(0), z.lte(most));
const seconds = (most: number) => z.optional(wholeSeconds(most));
const VISIBILITY_LIMIT = 12 * 3600;
const attributeSchema = z.object({
  DataType: z.string(),
  StringValue: z.optional(z.string()),
  BinaryValue: z.optional(z.string()),
});
export const messageSchema = z.object({
  MessageBody: z.string().check(z.minLength(1)),
  DelaySeconds: seconds(900),
  MessageAttributes: z._default(z.record(z.string(), attributeSchema), {}),
});
export const names = z._default(z.array(z.string()), []);
export const batchOf = <Entry>(schema: z.ZodMiniType<Entry>) =>
  z.extend(queueSchema, { Entries: z.array(schema).check(z.minLength(1), z.maxLength(BATCH_LIMIT)) });
export const entrySchema = z.object({ Id: z.string() });

export const receiveSchema = z.extend(queueSchema, {
  MaxNumberOfMessages: z._default(z.int().check(z.gte(1), z.lte(BATCH_LIMIT)), 1),
  WaitTimeSeconds: seconds(20),
  VisibilityTimeout: seconds(VISIBILITY_LIMIT),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});

export const changeVisibilitySchema = z.object({
  ReceiptHandle: z.string(),
  VisibilityTimeout: wholeSeconds(VISIBILITY_LIMIT),
});

export const shown = (
  message: ReceivedMessage,
  senderId: string,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): object => {
  const attributes = pick(message.attributes, attributeNames);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: orNothing(pick(systemAttributes(message, senderId), systemNames)),
    MD5OfMessageAttributes: attributesMd5(attributes),
    MessageAttributes: orNothing(attributes),
  };
};

export function queueAttributes({ options, counts }: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = counts();
  const { redrive } = options;
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    QueueArn: options.arn,
    DelaySeconds: String(options.delay / SECOND),
    MaximumMessageSize: String(options.maximumMessageSize),
    MessageRetentionPeriod: String(options.retention / SECOND),
    ReceiveMessageWaitTimeSeconds: String(options.receiveWait / SECOND),
    VisibilityTimeout: String(options.visibilityTimeout / SECOND),
    ...(redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: redrive.deadLetters.options.arn,
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }),
  };
}

/** What was asked for by name; `All` and `.*` ask for everything. */
export function pick<Value>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  if (names.includes('All') || names.includes('.*')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

const orNothing = <T extends object>(all: T): T | undefined =>
  Object.keys(all).length === 0 ? undefined : all;
