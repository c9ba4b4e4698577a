import { Duration } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FeedEnvironment } from '../shared/environment.ts';
import { RESOLVE_ALL } from '../shared/feed/resolve-request.ts';
import type { OcsfUser } from '../shared/log/formats/ocsf/authentication.ts';
import { READ_FEED } from '../shared/operations/read-feed.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import { alarmOnDamagedSlots, alarmOnOpenSlot, alarmOnStalledResolving } from './feed-alarms.ts';
import type { LogApi } from './log-api.ts';
import type { LogTable } from './log-table.ts';
import { DurableQueue, type RetryPolicy, repeat } from './queues.ts';
import { serviceFunction } from './service-function.ts';

/**
 * Four seconds of reading at most, one of asking to resolve, and two of sending at Lambda's rate. The other half is for the
 * start of the function and for a caller who reads slowly: after it, the body is cut.
 */
const FUNCTION_TIMEOUT = Duration.seconds(15);
/** Longer than the function timeout, so that the gateway does not answer before the function. */
const GATEWAY_TIMEOUT = Duration.seconds(17);

/**
 * A request to resolve is tried again soon, because a shard of the feed stands still meanwhile: 30 seconds are three times
 * the ingest function's timeout, and the time in which a reader asks for a slot once. After ten receives, five minutes, it
 * is a dead letter. More would be of no use: by then the alarm on an open slot goes off too, and the schedule has
 * asked again five times.
 */
const RETRY_POLICY: RetryPolicy = { visibilityTimeout: Duration.seconds(30), maxReceiveCount: 10 };

/** How often the ingest function looks for open slots that no reader waits for. */
const RESOLVE_INTERVAL = Duration.minutes(1);

export interface FeedProps {
  readonly table: LogTable;
  readonly api: LogApi;
  /** The names of the keys whose reading is counted. */
  readonly consumerKeys: readonly string[];
  /** Who the user of an authentication is in OCSF. */
  readonly ocsfUser: OcsfUser;
  /** The ARN of the customer's key that encrypts the messages. */
  readonly queueKeyArn: string | undefined;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/**
 * Reads stored logs in the order of their arrival (docs/architecture.md#the-feed): the function, its route, and the
 * queue through which it and a schedule ask the ingest function to resolve slots.
 */
export class Feed extends Construct {
  readonly resolveQueue: DurableQueue;
  /** The address of the feed. */
  readonly url: string;
  readonly #function: LambdaFunction;
  readonly #schedule: Rule;

  constructor(
    scope: Construct,
    id: string,
    { table, api, consumerKeys, ocsfUser, queueKeyArn, size }: FeedProps,
  ) {
    super(scope, id);
    this.resolveQueue = new DurableQueue(this, 'ResolveQueue', { ...RETRY_POLICY, keyArn: queueKeyArn });
    this.#schedule = repeat(this, 'Schedule', RESOLVE_INTERVAL, RESOLVE_ALL, this.resolveQueue);

    this.#function = serviceFunction<FeedEnvironment>(this, 'Function', {
      name: 'feed',
      description: 'Answers the feed of security logs',
      // An answer holds 32 MB of logs at most, as buffers, so Lambda's own heap for this memory will do.
      size,
      timeout: FUNCTION_TIMEOUT,
      environment: (role) => {
        this.resolveQueue.grantSendMessages(role);
        return {
          ...table.grantReadFeed(role),
          ...api.key.grantRead(role),
          RESOLVE_QUEUE_URL: this.resolveQueue.queueUrl,
          OCSF_USER: JSON.stringify(ocsfUser),
          CONSUMER_KEYS: JSON.stringify(consumerKeys),
        };
      },
    });
    this.url = api.addRoute(READ_FEED, this.#function, GATEWAY_TIMEOUT);

    alarmOnOpenSlot(this, Duration.minutes(5));
    alarmOnStalledResolving(this, 10);
    alarmOnDamagedSlots(this);
  }

  /**
   * Deploys the function and the schedule after the ingest function, which must understand what they ask of it.
   *
   * @param ingest with its event sources
   */
  deployAfter(ingest: LambdaFunction): void {
    for (const { node } of [this.#function, this.#schedule]) node.addDependency(ingest);
  }
}
