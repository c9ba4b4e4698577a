import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StatusEnvironment } from '../shared/environment.ts';
import { READ_STATUS } from '../shared/operations/read-status.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import type { CustomServiceKind } from '../shared/status/service-status.ts';
import type { Delivery } from './delivery.ts';
import type { LogApi } from './log-api.ts';
import type { LogTable } from './log-table.ts';
import type { DurableQueue } from './queues.ts';
import { serviceFunction } from './service-function.ts';

/** Four seconds of reading at most; the rest is for the start of the function. */
const FUNCTION_TIMEOUT = Duration.seconds(15);
/** Longer than the function timeout, so that the gateway does not answer before the function. */
const GATEWAY_TIMEOUT = Duration.seconds(17);

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export interface StatusProps {
  readonly table: LogTable;
  readonly api: LogApi;
  readonly ingestQueue: DurableQueue;
  readonly customService: CustomServiceKind;
  /** Only of the kind `each-log`. */
  readonly delivery: Delivery | undefined;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/**
 * Tells how the service is doing (docs/contract.md#the-status): the function and its route. It may read the feed's items,
 * count messages and look at the two mappings of the delivery; it can change nothing.
 */
export class Status extends Construct {
  /** The address of the status. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: StatusProps) {
    super(scope, id);
    const { table, api, ingestQueue, customService, delivery, size } = props;
    const fn = serviceFunction<StatusEnvironment>(this, 'Function', {
      name: 'status',
      description: 'Tells how the service is doing',
      size,
      timeout: FUNCTION_TIMEOUT,
      environment: (role) => ({
        ...table.grantReadFeed(role),
        ...api.key.grantRead(role),
        VERSION: version,
        INGEST_QUEUE_URL: countable(ingestQueue, role),
        CUSTOM_SERVICE: customService,
        DELIVERY_MAPPING_IDS: delivery ? readableMappings(delivery, role) : '',
        DELIVERY_QUEUE_URL: delivery ? countable(delivery.queue, role) : '',
        DELIVERY_RETRY_QUEUE_URL: delivery ? countable(delivery.retries, role) : '',
        DELIVERY_DEAD_LETTER_QUEUE_URL: delivery ? countable(delivery.queue.deadLetters, role) : '',
      }),
    });
    this.url = api.addRoute(READ_STATUS, fn, GATEWAY_TIMEOUT);
  }
}

/** Lets the role count the messages of a queue. @returns the address of the queue */
function countable(queue: Pick<DurableQueue, 'grant' | 'queueUrl'>, role: IRole): string {
  queue.grant(role, 'sqs:GetQueueAttributes');
  return queue.queueUrl;
}

/** Lets the role look at the mappings of the delivery. @returns their ids, with commas between */
function readableMappings({ mappings }: Delivery, role: IRole): string {
  const resources = mappings.map(({ arn }) => arn);
  role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:GetEventSourceMapping'], resources }));
  return mappings.map(({ id }) => id).join(',');
}
