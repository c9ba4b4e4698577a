import { ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** CloudFormation makes the name from the path of the construct. */
const REJECTED = /RejectionsQueue(?!DeadLetters)/;

/** @throws Error if there is not exactly one such queue */
export async function rejectedQueueName(client: SQSClient): Promise<string> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({ MaxResults: 1000 }));
  const found = QueueUrls.filter((url) => REJECTED.test(url));
  const [url, ...more] = found;
  if (url === undefined) throw new Error('no queue has RejectionsQueue in its name: --queue names it');
  if (more.length > 0) throw new Error(`which queue is it? --queue names it:\n  ${found.join('\n  ')}`);
  return url;
}
