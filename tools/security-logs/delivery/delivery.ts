import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsAddress, awsClientOptions } from '../aws-client-options.ts';

/** The delivery of a stack, as AWS knows it. Whoever opened it closes it. */
export interface Delivery {
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  /** The name or ARN of the function that delivers. */
  readonly functionName: string;
  /** The queues that feed the function, by what they are for. */
  readonly feeds: { readonly queue: Feed; readonly retries: Feed };
}

/** A queue that feeds the function, and the event source mapping between the two. */
export interface Feed {
  readonly queueName: string;
  readonly mappingId: string;
  /** Such as `Enabled`, `Disabling` or `Disabled`: https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
  readonly state: string;
}

/** CloudFormation makes the names from the paths of the constructs. */
const FUNCTION = /DeliveryFunction/;
const RETRIES = /DeliveryRetries/;

/**
 * Runs something with the delivery of a stack.
 *
 * @param functionName if it is not to be found by its name
 * @throws Error if there is not exactly one such function, or if it is not fed by two queues
 */
export async function withDelivery<T>(
  { address, functionName }: { address: AwsAddress; functionName: string | undefined },
  run: (delivery: Delivery) => Promise<T>,
): Promise<T> {
  const lambda = new LambdaClient(awsClientOptions(address));
  const sqs = new SQSClient(awsClientOptions(address));
  try {
    const name = functionName ?? (await findFunction(lambda));
    return await run({ lambda, sqs, functionName: name, feeds: await findFeeds(lambda, name) });
  } finally {
    lambda.destroy();
    sqs.destroy();
  }
}

async function findFunction(lambda: LambdaClient): Promise<string> {
  const found: string[] = [];
  let Marker: string | undefined;
  do {
    const { Functions = [], NextMarker } = await lambda.send(new ListFunctionsCommand({ Marker }));
    found.push(...Functions.flatMap(({ FunctionName: name }) => (name && FUNCTION.test(name) ? name : [])));
    Marker = NextMarker || undefined;
  } while (Marker !== undefined);
  const [name, ...more] = found;
  if (name === undefined)
    throw new Error(
      'no function has DeliveryFunction in its name: the stack has no custom service, or --function names it',
    );
  if (more.length > 0) throw new Error(`which function is it? --function names it:\n  ${found.join('\n  ')}`);
  return name;
}

async function findFeeds(lambda: LambdaClient, FunctionName: string): Promise<Delivery['feeds']> {
  const { EventSourceMappings = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName }),
  );
  const feeds = EventSourceMappings.map(feedOf);
  const retries = feeds.find(({ queueName }) => RETRIES.test(queueName));
  const [queue, ...more] = feeds.filter((feed) => feed !== retries);
  if (queue === undefined || retries === undefined || more.length > 0)
    throw new Error(
      `${FunctionName} does not deliver security logs: it is not fed by a delivery queue and a retry queue`,
    );
  return { queue, retries };
}

/** @param mapping as AWS describes it */
export const feedOf = ({
  UUID = '',
  State = '',
  EventSourceArn = '',
}: EventSourceMappingConfiguration): Feed => ({
  mappingId: UUID,
  state: State,
  queueName: EventSourceArn.slice(EventSourceArn.lastIndexOf(':') + 1),
});
