import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmOnMessages } from './alarms.ts';
import { acknowledge } from './nag.ts';

const HOUSE: QueueProps = {
  // AWS's own key in the customer's account (`aws/sqs`) would keep EventBridge out
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
  // what EventBridge may hand over
  maxMessageSizeBytes: Size.mebibytes(1).toBytes(),
  // its messages may exist nowhere else: neither `cdk destroy` nor a renamed construct deletes them
  removalPolicy: RemovalPolicy.RETAIN,
};

/** What a function needs of the key of an encrypted queue. */
const TO_RECEIVE = ['kms:Decrypt'];
const TO_SEND = ['kms:GenerateDataKey', 'kms:Decrypt'];

/**
 * A queue of the service. With a key of the customer's, granting sends and receives grants their use of the key too.
 * The CDK's own `encryptionMasterKey` is no help: it grants with wildcards, and lets EventBridge send for any rule of
 * the account. The key's policy must let EventBridge use it, which a stack cannot do to a key that is not its own.
 */
class ServiceQueue extends Queue {
  /** The ARN of the customer's key; without one, SQS encrypts with a key of its own. */
  readonly keyArn: string | undefined;

  constructor(scope: Construct, id: string, keyArn: string | undefined, props: QueueProps = {}) {
    super(scope, id, { ...HOUSE, ...props });
    this.keyArn = keyArn;
    if (keyArn !== undefined) {
      Object.assign(this.node.defaultChild as CfnQueue, {
        kmsMasterKeyId: keyArn,
        sqsManagedSseEnabled: undefined,
      });
    }
  }

  override grantSendMessages(grantee: IGrantable): Grant {
    this.#grantKey(grantee, TO_SEND);
    return super.grantSendMessages(grantee);
  }

  override grantConsumeMessages(grantee: IGrantable): Grant {
    this.#grantKey(grantee, TO_RECEIVE);
    return super.grantConsumeMessages(grantee);
  }

  #grantKey(grantee: IGrantable, actions: string[]): void {
    if (this.keyArn === undefined) return;
    // Of a service, such as EventBridge, there is no policy to add to: this grants nothing then.
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.keyArn] });
  }
}

/** Where a message ends that could not be delivered or processed. Alarmed; redriven or deleted by a person. */
export class DeadLetterQueue extends ServiceQueue {
  constructor(scope: Construct, id: string, what: string, keyArn: string | undefined) {
    super(scope, id, keyArn);
    alarmOnMessages(this, `${what} Find the cause, then redrive or delete the messages within 14 days.`);
  }
}

/** How often a message is received, and how far apart, before it is a dead letter. */
export interface Patience {
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
}

/** 100 times, 60 seconds apart: an outage of an hour and a half loses nothing (docs/architecture.md). */
const OUTAGE_PATIENCE: Patience = { visibilityTimeout: Duration.seconds(60), maxReceiveCount: 100 };

export interface DurableQueueProps extends Partial<Patience> {
  /** The ARN of the customer's key that messages are encrypted with, in the dead-letter queue too. */
  readonly keyArn?: string | undefined;
}

/** A queue with a dead-letter queue. */
export class DurableQueue extends ServiceQueue {
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { keyArn, ...patience }: DurableQueueProps = {}) {
    const { visibilityTimeout, maxReceiveCount } = { ...OUTAGE_PATIENCE, ...patience };
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
 * Routes whole events from the bus to a queue. What EventBridge cannot deliver in 24 hours, or may not, it puts
 * into the rule's own dead-letter queue.
 */
export function route(
  scope: Construct,
  id: string,
  from: EventBus,
  eventPattern: EventPattern,
  to: DurableQueue,
): Rule {
  const deadLetterQueue = new DeadLetterQueue(
    scope,
    `${id}DeadLetters`,
    'EventBridge could not deliver events to their queue.',
    to.keyArn,
  );
  acknowledge(deadLetterQueue, {
    'AwsSolutions-SQS3': "It is a dead-letter queue: of a rule's target, which the check does not look at.",
  });
  return new Rule(scope, id, {
    eventBus: from,
    eventPattern,
    targets: [new SqsQueue(to, { deadLetterQueue })],
  });
}
