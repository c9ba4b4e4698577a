import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { IngestEnvironment } from '../shared/environment.ts';
import type { EventAction } from '../shared/event/actions.ts';
import { type FunctionSize, RESOLVE_CONCURRENCY } from '../shared/settings/functions.ts';
import type { PersonalDataSettings } from '../shared/settings/personal-data.ts';
import { alarmOnBacklog, alarmOnConcurrency } from './alarms.ts';
import { ingestedEvents } from './event-patterns.ts';
import { HashKey } from './hash-key.ts';
import { alarmOnIngestLag } from './ingest-alarms.ts';
import type { LogTable } from './log-table.ts';
import { DurableQueue, route } from './queues.ts';
import type { SecurityEventBus } from './security-event-bus.ts';
import { serviceFunction } from './service-function.ts';

export interface IngestProps {
  readonly bus: SecurityEventBus;
  readonly table: LogTable;
  /** The actions that become logs. */
  readonly events: readonly EventAction[];
  /** How many batches of events are stored at the same time, at most. */
  readonly concurrency: number;
  /** Whether each stored log is announced on the bus. */
  readonly announceStored: boolean;
  /** The fields that are dropped or hashed before storing. */
  readonly personalData: PersonalDataSettings;
  /** The requests to resolve slots of the feed. */
  readonly resolveQueue: DurableQueue;
  /** The ARN of the customer's key that encrypts the messages. */
  readonly queueKeyArn: string | undefined;
  /** The ARN of the customer's key that encrypts the key of the hashes. */
  readonly secretKeyArn: string | undefined;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/**
 * Turns events into stored logs: the rule that selects events, the queue that keeps them, the function. The function
 * also resolves slots of the feed, because it alone may write.
 */
export class Ingest extends Construct {
  readonly queue: DurableQueue;
  /** The key of the hashes; undefined if nothing is hashed. */
  readonly hashKey: HashKey | undefined;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: IngestProps) {
    super(scope, id);
    const { bus, table, events, concurrency, announceStored, personalData, resolveQueue } = props;
    const { queueKeyArn, secretKeyArn, size } = props;
    this.queue = new DurableQueue(this, 'Queue', { keyArn: queueKeyArn });
    alarmOnBacklog(this.queue, Duration.minutes(15), 'events-wait-to-be-stored');
    route(this, 'IngestedEvents', bus.bus, ingestedEvents(events), this.queue);

    this.hashKey = personalData.hash.length > 0 ? new HashKey(this, 'HashKey', secretKeyArn) : undefined;

    const fn = serviceFunction<IngestEnvironment>(this, 'Function', {
      name: 'ingest',
      description: 'Turns security events into stored logs',
      size,
      // a sixth of the queue's visibility timeout:
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      timeout: Duration.seconds(10),
      environment: (role) => ({
        ...table.grantWrite(role),
        ...bus.grantAnnounce(role),
        ANNOUNCE_STORED_LOGS: String(announceStored),
        RESOLVE_QUEUE_ARN: resolveQueue.queueArn,
        PERSONAL_DATA: JSON.stringify(personalData),
        HASH_KEY_SECRET_ARN: this.hashKey?.grantRead(role) ?? '',
      }),
    });
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 100,
        // Lambda requires a batching window for batches of more than 10
        maxBatchingWindow: Duration.seconds(1),
        reportBatchItemFailures: true,
        // limits concurrency; reserved concurrency cannot be deployed in accounts with a small quota
        maxConcurrency: concurrency,
      }),
    );
    // pollers of its own, so that a backlog of events does not hold the feed up
    fn.addEventSource(
      new SqsEventSource(resolveQueue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: RESOLVE_CONCURRENCY,
      }),
    );
    alarmOnConcurrency(fn, concurrency + RESOLVE_CONCURRENCY);
    alarmOnIngestLag(fn, Duration.minutes(15));
    this.function = fn;
  }
}
