import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import {
  type EventBus,
  type EventPattern,
  Rule,
  type RuleProps,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events';
import { SqsQueue, type SqsQueueProps } from 'aws-cdk-lib/aws-events-targets';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmOnMessages } from './alarms.ts';
import { acknowledge } from './nag.ts';

/** What all queues of the service have in common. */
const QUEUE_DEFAULTS: QueueProps = {
  // EventBridge cannot send to a queue that is encrypted with the AWS managed key `aws/sqs`
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
  // EventBridge may send messages of this size
  maxMessageSizeBytes: Size.mebibytes(1).toBytes(),
  // the messages may exist nowhere else, so neither `cdk destroy` nor a renamed construct deletes the queue
  removalPolicy: RemovalPolicy.RETAIN,
};

/** The actions on a queue's key that receiving and sending need. */
const RECEIVE_KEY_ACTIONS = ['kms:Decrypt'];
const SEND_KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * A queue of the service. If the customer's key encrypts it, granting sends or receives also grants the use of the
 * key. The CDK's `encryptionMasterKey` is not used: it grants with wildcards, and lets every rule of the account send
 * to the queue. The key's policy must let EventBridge use the key; the stack cannot change the policy of a key that
 * is not its own.
 */
class ServiceQueue extends Queue {
  /** The ARN of the customer's key. If undefined, SQS encrypts with its own key. */
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, keyArn: string | undefined, props: QueueProps = {}) {
    super(scope, id, { ...QUEUE_DEFAULTS, ...props });
    this.keyArn = keyArn;
    if (keyArn !== undefined) {
      Object.assign(this.node.defaultChild as CfnQueue, {
        kmsMasterKeyId: keyArn,
        sqsManagedSseEnabled: undefined,
      });
    }
  }

  override grantSendMessages(grantee: IGrantable): Grant {
    this.#grantKey(grantee, SEND_KEY_ACTIONS);
    // the CDK would also let it look up the queue's URL and attributes, which no sender of the service does
    return this.grant(grantee, 'sqs:SendMessage');
  }

  override grantConsumeMessages(grantee: IGrantable): Grant {
    this.#grantKey(grantee, RECEIVE_KEY_ACTIONS);
    return super.grantConsumeMessages(grantee);
  }

  #grantKey(grantee: IGrantable, actions: string[]): void {
    if (this.keyArn === undefined) return;
    // An AWS service such as EventBridge has no identity policy, so for a service this grants nothing.
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.keyArn] });
  }
}

/** Keeps messages that could not be delivered or processed. It raises an alarm; a person redrives or deletes them. */
export class DeadLetterQueue extends ServiceQueue {
  constructor(scope: Construct, id: string, what: string, keyArn: string | undefined) {
    super(scope, id, keyArn);
    alarmOnMessages(
      this,
      `${what} Find the cause, then redrive or delete the messages within 14 days.`,
      'a-dead-letter-queue-holds-messages',
    );
    acknowledge(this, {
      'Serverless-SQSRedrivePolicy': 'It is a dead-letter queue: a person decides about its messages.',
    });
  }
}

/** How SQS retries a message before it becomes a dead letter. */
export interface RetryPolicy {
  /** The time between two receives of a message. */
  readonly visibilityTimeout: Duration;
  /** How many times a message is received before it is moved to the dead-letter queue. */
  readonly maxReceiveCount: number;
}

/**
 * 100 receives, 60 seconds apart, survive an outage of an hour and a half
 * (docs/decisions/04-a-queue-before-each-function.md).
 */
const DEFAULT_RETRY_POLICY: RetryPolicy = { visibilityTimeout: Duration.seconds(60), maxReceiveCount: 100 };

export interface DurableQueueProps extends Partial<RetryPolicy> {
  /** The ARN of the customer's key that encrypts the messages, also in the dead-letter queue. */
  readonly keyArn?: string | undefined;
}

/** A queue with a dead-letter queue. */
export class DurableQueue extends ServiceQueue {
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { keyArn, ...retryPolicy }: DurableQueueProps = {}) {
    const { visibilityTimeout, maxReceiveCount } = { ...DEFAULT_RETRY_POLICY, ...retryPolicy };
    const deadLetters = new DeadLetterQueue(
      scope,
      `${id}DeadLetters`,
      'Messages were received many times and never processed.',
      keyArn,
    );
    super(scope, id, keyArn, {
      visibilityTimeout,
      deadLetterQueue: { queue: deadLetters, maxReceiveCount },
    });
    this.deadLetters = deadLetters;
  }
}

/**
 * Routes whole events from the bus to a queue. EventBridge sends events that it could not deliver within 24 hours, or
 * was not permitted to deliver, to the dead-letter queue of the rule's target.
 */
export function route(
  scope: Construct,
  id: string,
  from: EventBus,
  eventPattern: EventPattern,
  to: DurableQueue,
): Rule {
  return ruleTo(to, scope, id, { eventBus: from, eventPattern });
}

/**
 * Sends the same message to a queue again and again. EventBridge sends messages that it could not deliver to the
 * dead-letter queue of the rule's target, as it does with events.
 *
 * @param message the body, as a JSON value
 */
export function repeat(
  scope: Construct,
  id: string,
  interval: Duration,
  message: object,
  to: DurableQueue,
): Rule {
  const target = { message: RuleTargetInput.fromObject(message) };
  return ruleTo(to, scope, id, { schedule: Schedule.rate(interval) }, target);
}

function ruleTo(
  to: DurableQueue,
  scope: Construct,
  id: string,
  props: RuleProps,
  target: Pick<SqsQueueProps, 'message'> = {},
): Rule {
  const deadLetterQueue = targetDeadLetters(scope, id, to);
  return new Rule(scope, id, { ...props, targets: [new SqsQueue(to, { ...target, deadLetterQueue })] });
}

/** The dead-letter queue of the target of the rule `id`. */
function targetDeadLetters(scope: Construct, id: string, to: DurableQueue): DeadLetterQueue {
  const deadLetterQueue = new DeadLetterQueue(
    scope,
    `${id}DeadLetters`,
    'EventBridge could not deliver events to their queue.',
    to.keyArn,
  );
  acknowledge(deadLetterQueue, {
    'AwsSolutions-SQS3': "It is the dead-letter queue of a rule's target. The check does not look at rules.",
  });
  return deadLetterQueue;
}
