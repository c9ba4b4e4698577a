import { Duration } from 'aws-cdk-lib';
import { type IRole, type ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DeliverEnvironment } from '../shared/environment.ts';
import type { OcsfUser } from '../shared/log/formats/ocsf/authentication.ts';
import {
  type CustomService,
  type Delivery as DeliverySettings,
  type HeaderSecret,
  headerSecretArns,
} from '../shared/settings/delivery.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import { alarmOnBacklog, alarmOnConcurrency } from './alarms.ts';
import { grantKey } from './customer-key.ts';
import { alarmOnFailingDeliveries, alarmOnStandstill, alarmOnUndelivered } from './delivery-alarms.ts';
import { deliveryOperatorPolicy } from './delivery-operator.ts';
import { LONGEST_TURN, MOST_PROCESSES, throughputOf } from './delivery-throughput.ts';
import { storedLogs } from './event-patterns.ts';
import { alarmBeforeExpiry } from './expiry-alarms.ts';
import { grantFiles } from './file-store.ts';
import { generatedSecret } from './generated-secret.ts';
import type { LogTable } from './log-table.ts';
import { DurableQueue, type RetryPolicy, route } from './queues.ts';
import type { SecurityEventBus } from './security-event-bus.ts';
import { serviceFunction } from './service-function.ts';

/** Two attempts of 14 seconds (a probe, then the rest of the batch), and 12 seconds for the table and the queues. */
const FUNCTION_TIMEOUT = Duration.seconds(40);

/** The wait after the first attempt. The function doubles it from attempt to attempt, and gives up after a day. */
const FIRST_RETRY = Duration.seconds(5);
/** The longest delay of a message in SQS. After an outage the backlog is retried within this time. */
const LONGEST_RETRY = Duration.minutes(15);

/**
 * For invocations that crash or are throttled. A log that was not delivered does not use these up: the function sends
 * it to the retry queue as a new message and counts the attempts itself.
 */
const MAX_RECEIVES = 100;

/** Why messages may wait. */
const SLOW_OR_PAUSED =
  'the delivery is paused (security-logs status says so), or its function fails or is too slow';

export interface DeliveryProps {
  readonly bus: SecurityEventBus;
  readonly table: LogTable;
  readonly settings: DeliverySettings;
  /** How long a log can be read from its creation, hours. */
  readonly retentionHours: number;
  /** Who the user of an authentication is in OCSF. */
  readonly ocsfUser: OcsfUser;
  /** The ARN of the customer's key that encrypts the messages. */
  readonly queueKeyArn: string | undefined;
  /** The ARN of the customer's key that encrypts the signing secret. */
  readonly secretKeyArn: string | undefined;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/**
 * Runs the custom service each time a log is stored (docs/contract.md#delivery-to-a-custom-service): the rule, the
 * queues, the function.
 */
export class Delivery extends Construct {
  /** New logs. */
  readonly queue: DurableQueue;
  /** Logs that were not delivered, while they wait for the next attempt. */
  readonly retries: DurableQueue;
  /** Signs the requests to an https service; undefined for other services. */
  readonly signingSecret: Secret | undefined;
  readonly function: LambdaFunction;
  /** The event source mappings of the two queues. A pause disables them. */
  readonly mappings: readonly { readonly id: string; readonly arn: string }[];
  /** For a person who operates the delivery. */
  readonly operatorPolicy: ManagedPolicy;

  constructor(scope: Construct, id: string, props: DeliveryProps) {
    super(scope, id);
    const { bus, table, settings, retentionHours, ocsfUser, queueKeyArn, secretKeyArn, size } = props;
    const { vpc, ...delivery } = settings;
    const { service } = delivery;
    const isPaced = delivery.requestsPerSecond !== undefined;
    const timeout = isPaced ? FUNCTION_TIMEOUT.plus(LONGEST_TURN) : FUNCTION_TIMEOUT;
    const retryPolicy: RetryPolicy = {
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      maxReceiveCount: MAX_RECEIVES,
    };
    this.queue = new DurableQueue(this, 'Queue', { ...retryPolicy, keyArn: queueKeyArn });
    this.retries = new DurableQueue(this, 'Retries', { ...retryPolicy, keyArn: queueKeyArn });
    alarmOnBacklog(this.queue, Duration.minutes(15), 'logs-wait-to-be-delivered', SLOW_OR_PAUSED);
    alarmOnBacklog(this.retries, Duration.hours(1), 'logs-wait-to-be-delivered', SLOW_OR_PAUSED);
    route(this, 'StoredLogs', bus.bus, storedLogs(), this.queue);
    this.signingSecret = service.type === 'https' ? signingSecret(this, secretKeyArn) : undefined;

    const fn = serviceFunction<DeliverEnvironment>(this, 'Function', {
      name: 'deliver',
      description: 'Hands stored logs to the custom service',
      size,
      timeout,
      ...(vpc && { vpc }),
      environment: (role) => {
        this.retries.grantSendMessages(role);
        this.queue.deadLetters.grantSendMessages(role);
        grantService(role, service, this.signingSecret);
        if (this.signingSecret) grantKey(this, role, secretKeyArn, 'secretsmanager');
        if (isPaced) table.grantPace(role);
        table.grantRecordDeliveries(role);
        return {
          ...table.grantReadOne(role),
          DELIVERY: JSON.stringify(delivery),
          FIRST_RETRY_MS: String(FIRST_RETRY.toMilliseconds()),
          LONGEST_RETRY_MS: String(LONGEST_RETRY.toMilliseconds()),
          RETRY_QUEUE_URL: this.retries.queueUrl,
          DEAD_LETTER_QUEUE_URL: this.queue.deadLetters.queueUrl,
          OCSF_USER: JSON.stringify(ocsfUser),
          SIGNING_SECRET_ARN: this.signingSecret?.secretArn ?? '',
        };
      },
    });
    // Each queue has its own pollers, so new logs never wait behind logs that failed. Whether they are enabled is not
    // said here: CloudFormation then leaves it as it is, and a pause survives a deployment.
    const throughput = throughputOf(delivery);
    const queues = [this.queue, this.retries];
    const sources = queues.map(
      (queue) => new SqsEventSource(queue, { reportBatchItemFailures: true, ...throughput }),
    );
    for (const source of sources) fn.addEventSource(source);
    alarmOnUndelivered(fn, Duration.hours(2));
    alarmOnFailingDeliveries(fn);
    for (const queue of queues) alarmOnStandstill(queue);
    // a lower limit is a choice of the settings, and busy all the time
    if (throughput.maxConcurrency === MOST_PROCESSES)
      alarmOnConcurrency(fn, queues.length * throughput.maxConcurrency);
    this.function = fn;
    this.mappings = sources.map(({ eventSourceMappingId: id, eventSourceMappingArn: arn }) => ({ id, arn }));
    this.operatorPolicy = deliveryOperatorPolicy(this, 'Operator', {
      function: fn,
      mappingArns: sources.map(({ eventSourceMappingArn }) => eventSourceMappingArn),
      queue: this.queue,
      retries: this.retries,
    });
    alarmBeforeExpiry({ fn, queue: this.queue, retries: this.retries }, Duration.hours(retentionHours));
  }
}

const signingSecret = (scope: Construct, kmsKeyArn: string | undefined): Secret =>
  generatedSecret(scope, 'SigningSecret', {
    description: 'Signs the requests to the custom service (Standard Webhooks)',
    // 64 letters and digits are the base64 of 48 bytes; Standard Webhooks asks for 24 to 64 bytes
    length: 64,
    kmsKeyArn,
    noSchedule: 'The receiver has to learn a new secret first: it is rotated with its owner.',
  });

/** Lets the function reach the chosen service and its secrets, and nothing else. */
function grantService(role: IRole, service: CustomService, signing: Secret | undefined): void {
  const allow = (actions: string[], resources: string[]): unknown =>
    resources.length > 0 && role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  switch (service.type) {
    case 'https':
      allow(
        ['secretsmanager:GetSecretValue'],
        [...(signing ? [signing.secretArn] : []), ...Object.values(headerSecretArns(service.headers))],
      );
      allow(['kms:Decrypt'], keysOf(Object.values(service.headers ?? {})));
      break;
    case 'lambda':
      allow(['lambda:InvokeFunction'], [service.functionArn]);
      break;
    case 'file-store':
      grantFiles(role, service);
  }
}

/** The ARNs of the customer's keys that encrypt these secrets, without duplicates. */
const keysOf = (secrets: readonly HeaderSecret[]): string[] => [
  ...new Set(secrets.flatMap((secret) => (typeof secret === 'string' ? [] : [secret.kmsKeyArn]))),
];
