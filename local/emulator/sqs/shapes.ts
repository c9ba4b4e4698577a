import * as z from 'zod/mini';
import { AwsError } from '../http/aws-service.ts';
import { SECOND } from '../time.ts';
import { attributesSchema, md5, type ReceivedMessage, systemAttributes } from './message.ts';
import type { Queue } from './queue.ts';

/** Seconds, as milliseconds. */
const requiredSeconds = (most: number) =>
  z.pipe(
    z.int().check(z.gte(0), z.lte(most)),
    z.transform((given) => given * SECOND),
  );
const seconds = (most: number) => z.optional(requiredSeconds(most));

/** The longest that a received message can stay hidden, seconds. */
const LONGEST_VISIBILITY = 12 * 3600;

export const names = z._default(z.array(z.string()), []);
export const queueSchema = z.object({ QueueUrl: z.string() });

export const messageSchema = z.extend(queueSchema, {
  MessageBody: z.string().check(z.minLength(1)),
  DelaySeconds: seconds(900),
  MessageAttributes: z._default(attributesSchema, {}),
});

export const receiveSchema = z.extend(queueSchema, {
  MaxNumberOfMessages: z._default(z.int().check(z.gte(1), z.lte(10)), 1),
  WaitTimeSeconds: seconds(20),
  VisibilityTimeout: seconds(LONGEST_VISIBILITY),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});

export const visibilitySchema = z.extend(queueSchema, {
  ReceiptHandle: z.string(),
  VisibilityTimeout: requiredSeconds(LONGEST_VISIBILITY),
});

export function shown(
  message: ReceivedMessage,
  senderId: string,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): object {
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: pick(systemAttributes(message, senderId), systemNames),
    MessageAttributes: pick(message.attributes, attributeNames),
  };
}

export function queueAttributes({ options, counts }: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = counts();
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    QueueArn: options.arn,
    ...(options.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: options.redrive.deadLetters.options.arn,
        maxReceiveCount: options.redrive.maxReceiveCount,
      }),
    }),
  };
}

/** @param name of an error of SQS */
export const sqsError = (name: string, message: string, status = 400): AwsError =>
  new AwsError(status, `com.amazonaws.sqs#${name}`, message);

/** The properties with these names; `All` and `.*` ask for every property. */
export function pick<Value>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> {
  if (names.includes('All') || names.includes('.*')) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
