import { Duration, Size } from 'aws-cdk-lib';
import { type EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { alarmOnMessages } from './alarms.ts';
import { acknowledge } from './nag.ts';

const HOUSE: QueueProps = {
  // a key of the customer's account (`aws/sqs`) would keep EventBridge out
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
  // what EventBridge may hand over
  maxMessageSizeBytes: Size.mebibytes(1).toBytes(),
};

/** Where a message ends that could not be delivered or processed. Alarmed; redriven or deleted by a person. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, what: string) {
    super(scope, id, HOUSE);
    alarmOnMessages(this, `${what} Find the cause, then redrive or delete the messages within 14 days.`);
  }
}

/** How often a message is received, and how far apart, before it is a dead letter. */
export interface Patience {
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
}

/** 100 times, 60 seconds apart: an outage of an hour and a half loses nothing (design section 1). */
const OUTAGE_PATIENCE: Patience = { visibilityTimeout: Duration.seconds(60), maxReceiveCount: 100 };

/** A queue with a dead-letter queue. */
export class DurableQueue extends Queue {
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, { visibilityTimeout, maxReceiveCount } = OUTAGE_PATIENCE) {
    const deadLetters = new DeadLetterQueue(
      scope,
      `${id}DeadLetters`,
      'Messages were received many times and never processed.',
    );
    super(scope, id, {
      ...HOUSE,
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
  to: Queue,
): Rule {
  const deadLetterQueue = new DeadLetterQueue(
    scope,
    `${id}DeadLetters`,
    'EventBridge could not deliver events to their queue.',
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
