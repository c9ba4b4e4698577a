import { Duration, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  type Metric,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ARCHIVE_AGE, ARCHIVED_FILES, ARCHIVED_LOGS } from '../shared/archive-metrics.ts';
import { CANARY_FAILED, FRESHNESS } from '../shared/canary-metrics.ts';
import { CONSUMER_BEHIND, CONSUMER_READS } from '../shared/consumer-metrics.ts';
import { DELIVERED, REMAINING_LIFETIME, UNDELIVERED_AGE } from '../shared/delivery-metrics.ts';
import { INGEST_LAG } from '../shared/event/ingest-metrics.ts';
import { FEED_AGE, OPEN_SLOT_AGE } from '../shared/feed/feed-metrics.ts';
import { serviceMetric } from './alarms.ts';
import { consumerMetric } from './consumer-alarms.ts';

const PERIOD = Duration.minutes(5);
/** A dashboard has 24 columns. */
const WIDTH = 24;
const HEIGHT = 6;

export interface DashboardProps {
  readonly stage: Stage;
  readonly table: Table;
  /** Events on their way to becoming logs. */
  readonly ingestQueue: Queue;
  /** Logs on their way to the custom service, new ones and failed ones; undefined without such a service. */
  readonly deliveryQueues: readonly [Queue, Queue] | undefined;
  /** Whether files of many logs are written. */
  readonly hasArchive: boolean;
  /** Whether the canary measures freshness. */
  readonly hasCanary: boolean;
  /** The names of the keys of registered consumers. */
  readonly consumerKeys: readonly string[];
}

/**
 * One page that answers, from top to bottom: is the service healthy, how much does it do, how late, how costly is it, who
 * reads, and does the custom service keep up. Make it last: it shows the alarms and the functions that are there.
 */
export class Dashboard extends Construct {
  /** Its address in the console. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const all = scope.node.findAll();
    const functions = all.filter((each) => each instanceof LambdaFunction);
    const count = (service: string, name: string) =>
      serviceMetric(this, service, name, PERIOD).with({ statistic: Stats.SUM });
    const longest = (service: string, name: string) => serviceMetric(this, service, name, PERIOD);

    const dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(12),
      widgets: [
        section('Is it healthy?'),
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            alarms: all.filter((each) => each instanceof Alarm),
            width: WIDTH,
            height: HEIGHT,
          }),
        ],
        section('How much?'),
        row(
          graph('Events', [
            count('ingest', 'Stored'),
            count('ingest', 'Duplicates'),
            count('ingest', 'Rejected'),
            count('ingest', 'Failed'),
          ]),
          graph('Requests', [
            props.stage.metricCount({ period: PERIOD, label: 'Requests' }),
            props.stage.metricClientError({ period: PERIOD, label: '4xx' }),
            props.stage.metricServerError({ period: PERIOD, label: '5xx' }),
          ]),
          graph('Logs read', [
            count('query', 'Results').with({ label: 'In windows' }),
            count('feed', 'Results').with({ label: 'From the feed' }),
          ]),
        ),
        section('How late?'),
        row(
          graph('From publishing to storing, seconds', [
            longest('ingest', INGEST_LAG),
            oldest(props.ingestQueue, 'Oldest event that waits'),
          ]),
          graph('Feed, seconds behind', [longest('feed', FEED_AGE), longest('ingest', OPEN_SLOT_AGE)]),
          graph('Answers, milliseconds', [
            props.stage.metricLatency({ period: PERIOD, statistic: 'p50', label: 'Half of them within' }),
            props.stage.metricLatency({ period: PERIOD, statistic: 'p99', label: '99 of 100 within' }),
          ]),
        ),
        ...(props.hasCanary
          ? [
              row(
                graph('Canary: from publishing to reading, seconds', [
                  longest('canary', FRESHNESS.window),
                  longest('canary', FRESHNESS.feed),
                ]),
                graph('Canary: runs that failed', [count('canary', CANARY_FAILED)]),
              ),
            ]
          : []),
        section('How costly?'),
        row(
          graph('Table, capacity units', [
            props.table.metricConsumedWriteCapacityUnits({ period: PERIOD, label: 'Writes' }),
            props.table.metricConsumedReadCapacityUnits({ period: PERIOD, label: 'Reads' }),
          ]),
          graph(
            'Functions, milliseconds of running',
            functions.map((fn) => fn.metricDuration({ period: PERIOD, statistic: Stats.SUM })),
          ),
          graph(
            'Functions, invocations',
            functions.map((fn) => fn.metricInvocations({ period: PERIOD })),
          ),
        ),
        section('Who reads?'),
        [readers(functions)],
        ...this.#consumers(props),
        ...customService(props, count, longest),
      ],
    });
    const { region } = Stack.of(this);
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
  }

  /** The row of the registered consumers; none without one. */
  #consumers({ consumerKeys }: DashboardProps): IWidget[][] {
    if (consumerKeys.length === 0) return [];
    const ofEach = (name: string, statistic: string) =>
      consumerKeys.map((key) => consumerMetric(this, key, name, PERIOD).with({ label: key, statistic }));
    return [
      row(
        graph('Reads by consumer', ofEach(CONSUMER_READS, Stats.SUM)),
        graph('Consumers, seconds behind in the feed', ofEach(CONSUMER_BEHIND, Stats.MAXIMUM)),
      ),
    ];
  }
}

/** Makes a metric of the service: by the name of the function and of the metric. */
type ServiceMetric = (service: string, name: string) => Metric;

/** The rows that say whether the custom service keeps up; none without one. */
function customService(
  { deliveryQueues, hasArchive }: DashboardProps,
  count: ServiceMetric,
  longest: ServiceMetric,
): IWidget[][] {
  if (hasArchive)
    return [
      section('Are the files up to date?'),
      row(
        graph('Files', [count('archive', ARCHIVED_FILES)]),
        graph('Logs in files', [count('archive', ARCHIVED_LOGS)]),
        graph('Oldest log in no file, seconds', [longest('archive', ARCHIVE_AGE)]),
      ),
    ];
  if (deliveryQueues === undefined) return [];
  const [logs, retries] = deliveryQueues;
  return [
    section('Does the custom service keep up?'),
    row(
      graph('Deliveries', [
        count('deliver', DELIVERED),
        count('deliver', 'Failed'),
        count('deliver', 'Refused'),
        count('deliver', 'GivenUp'),
      ]),
      graph('Oldest log that waits, seconds', [
        oldest(logs, 'New'),
        longest('deliver', UNDELIVERED_AGE),
        oldest(retries, 'Since its last attempt'),
      ]),
      graph('Least lifetime left of a log that waits, seconds', [
        longest('deliver', REMAINING_LIFETIME).with({ statistic: Stats.MINIMUM }),
      ]),
    ),
  ];
}

const section = (title: string): IWidget[] => [
  new TextWidget({ markdown: `# ${title}`, width: WIDTH, height: 1 }),
];

/** Puts widgets side by side, each as wide as the others. */
const row = (...widgets: readonly ((width: number) => IWidget)[]): IWidget[] =>
  widgets.map((widget) => widget(WIDTH / widgets.length));

const graph =
  (title: string, left: readonly IMetric[]) =>
  (width: number): IWidget =>
    new GraphWidget({ title, left: [...left], width, height: HEIGHT, leftYAxis: { min: 0 } });

const oldest = (queue: Queue, label: string): IMetric =>
  queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM, label });

/** Reads the lines that the functions of the API leave of each request (functions/http/request-report.ts). */
const readers = (functions: readonly LambdaFunction[]): IWidget =>
  new LogQueryWidget({
    title: 'Requests by key and address',
    logGroupNames: functions.map(({ logGroup }) => logGroup.logGroupName),
    queryLines: [
      'filter message = "request answered"',
      'stats count(*) as requests, sum(results) as logs, sum(bytes) as bytes, max(ms) as slowest by key, sourceAddress, status',
      'sort requests desc',
    ],
    width: WIDTH,
    height: HEIGHT,
  });
