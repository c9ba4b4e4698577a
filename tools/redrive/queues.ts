import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export interface FoundQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** How many messages can be received, as far as SQS knows. */
  readonly messages: number;
  /** How many there are with those that are hidden or delayed, as far as SQS knows. */
  readonly all: number;
  /** The name of its dead-letter queue, if it has one. */
  readonly deadLetters: string | undefined;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** How many queues an error lists. */
const LISTED = 100;

/**
 * @param nameOrUrl a URL is recognized by its scheme
 * @throws Error naming the queues there are, if there is no such queue
 */
export async function findQueue(client: SQSClient, nameOrUrl: string): Promise<FoundQueue> {
  try {
    const url = URL.canParse(nameOrUrl) ? nameOrUrl : await urlOf(client, nameOrUrl);
    return await attributesOf(client, url);
  } catch (cause) {
    if (!(cause instanceof QueueDoesNotExist)) throw cause;
    const names = await queueNames(client);
    const all = names.map((name) => `\n  ${name}`).join('');
    throw new Error(`there is no queue ${nameOrUrl}; there are:${all || ' none'}`, { cause });
  }
}

/** The queues that give messages up to a dead-letter queue. */
export async function sourcesOf(client: SQSClient, { url }: FoundQueue): Promise<FoundQueue[]> {
  const { queueUrls = [] } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: url }));
  return Promise.all(queueUrls.map((queueUrl) => attributesOf(client, queueUrl)));
}

async function urlOf(client: SQSClient, QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
}

async function attributesOf(client: SQSClient, url: string): Promise<FoundQueue> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['QueueArn', 'RedrivePolicy', ...COUNTS],
    }),
  );
  const counts = COUNTS.map((name) => Number(Attributes[name] ?? 0));
  return {
    name: lastPart(url),
    url,
    arn: Attributes['QueueArn'] ?? '',
    messages: counts[0] ?? 0,
    all: counts.reduce((sum, each) => sum + each, 0),
    deadLetters: deadLettersIn(Attributes['RedrivePolicy']),
  };
}

/** @param redrivePolicy as SQS has it, JSON */
function deadLettersIn(redrivePolicy: string | undefined): string | undefined {
  const { deadLetterTargetArn: arn } = JSON.parse(redrivePolicy ?? '{}');
  return typeof arn === 'string' ? arn.slice(arn.lastIndexOf(':') + 1) : undefined;
}

async function queueNames(client: SQSClient): Promise<string[]> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({ MaxResults: LISTED }));
  return QueueUrls.map(lastPart);
}

const lastPart = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
