import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DeliverEnvironment } from '../shared/environment.ts';
import type { OcsfUser } from '../shared/log/formats/ocsf/authentication.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import {
  type CustomService,
  type Delivery as DeliverySettings,
  type HeaderSecret,
  headerSecretArns,
} from '../shared/settings/schema.ts';
import { alarmOnBacklog, alarmOnUndelivered } from './alarms.ts';
import { grantKey } from './customer-key.ts';
import { storedLogs } from './event-patterns.ts';
import { grantFiles } from './file-store.ts';
import type { LogTable } from './log-table.ts';
import { acknowledge } from './nag.ts';
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
const RETRY_POLICY: RetryPolicy = { visibilityTimeout: Duration.minutes(4), maxReceiveCount: 100 };

export interface DeliveryProps {
  readonly bus: SecurityEventBus;
  readonly table: LogTable;
  readonly settings: DeliverySettings;
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

  constructor(
    scope: Construct,
    id: string,
    { bus, table, settings, ocsfUser, queueKeyArn, secretKeyArn, size }: DeliveryProps,
  ) {
    super(scope, id);
    const { vpc, ...delivery } = settings;
    const { service } = delivery;
    this.queue = new DurableQueue(this, 'Queue', { ...RETRY_POLICY, keyArn: queueKeyArn });
    this.retries = new DurableQueue(this, 'Retries', { ...RETRY_POLICY, keyArn: queueKeyArn });
    alarmOnBacklog(this.queue, Duration.minutes(15));
    alarmOnBacklog(this.retries, Duration.hours(1));
    route(this, 'StoredLogs', bus.bus, storedLogs(), this.queue);
    this.signingSecret = service.type === 'https' ? signingSecret(this, secretKeyArn) : undefined;

    const fn = serviceFunction<DeliverEnvironment>(this, 'Function', {
      name: 'deliver',
      description: 'Hands stored logs to the custom service',
      size,
      timeout: FUNCTION_TIMEOUT,
      ...(vpc && { vpc }),
      environment: (role) => {
        this.retries.grantSendMessages(role);
        this.queue.deadLetters.grantSendMessages(role);
        grantService(role, service, this.signingSecret);
        if (this.signingSecret) grantKey(this, role, secretKeyArn, 'secretsmanager');
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
    // Each queue has its own pollers, so new logs never wait behind logs that failed.
    for (const queue of [this.queue, this.retries]) {
      fn.addEventSource(
        new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true, maxConcurrency: 50 }),
      );
    }
    alarmOnUndelivered(fn, Duration.hours(2));
  }
}

function signingSecret(scope: Construct, keyArn: string | undefined): Secret {
  const secret = new Secret(scope, 'SigningSecret', {
    description: 'Signs the requests to the custom service (Standard Webhooks)',
    // 64 letters and digits are the base64 of 48 bytes; Standard Webhooks asks for 24 to 64 bytes
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  if (keyArn !== undefined) (secret.node.defaultChild as CfnSecret).kmsKeyId = keyArn;
  acknowledge(secret, {
    'AwsSolutions-SMG4': 'The receiver has to learn a new secret first: it is rotated with its owner.',
  });
  return secret;
}

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
