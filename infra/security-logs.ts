import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { watchedConsumer } from '../shared/settings/consumers.ts';
import { batchedFileStore } from '../shared/settings/file-store.ts';
import {
  announcesStoredLogs,
  chosenActions,
  readSettings,
  type SettingsInput,
} from '../shared/settings/schema.ts';
import { applyAccountSettings } from './account-settings.ts';
import { notifyOfAlarms } from './alarm-actions.ts';
import type { ApiKey } from './api-key.ts';
import { Archive } from './archive.ts';
import { Canary } from './canary.ts';
import { alarmOnConsumer } from './consumer-alarms.ts';
import { Dashboard } from './dashboard.ts';
import { Deliveries } from './deliveries.ts';
import { Delivery } from './delivery.ts';
import { archiveEvents } from './event-archive.ts';
import { storedLogs } from './event-patterns.ts';
import { Feed } from './feed.ts';
import { Ingest } from './ingest.ts';
import { LogApi } from './log-api.ts';
import { LogTable } from './log-table.ts';
import { Page } from './page.ts';
import { Rejections } from './rejections.ts';
import { SecurityEventBus } from './security-event-bus.ts';
import { Status } from './status.ts';

/** The settings of the service (docs/contract.md#settings), without those of the stack around it. */
export type SecurityLogsSettings = Omit<SettingsInput, '$schema' | 'stackName' | 'terminationProtection'>;

export interface SecurityLogsProps {
  /** Each setting has a default (docs/contract.md#settings). They are validated here. */
  readonly settings?: SecurityLogsSettings;
}

/**
 * The whole service (docs/architecture.md): a bus that takes security events, the table that keeps them as logs, and the API
 * that reads them. It names nothing but the API, the bus and the namespace of its metrics; the API and the namespace have
 * the name of the stack. So one stack holds one of it.
 *
 * @throws Error naming every setting that is wrong, its value and what is accepted
 */
export class SecurityLogs extends Construct {
  /** The bus that producers publish on. `grantPublish` lets one publish. */
  readonly bus: SecurityEventBus;
  /** Events on their way to becoming logs, and the function that stores them. */
  readonly ingest: Ingest;
  /** Events that cannot be logs, with the reason. */
  readonly rejections: Rejections;
  /** The API, with the address of `get-security-logs`. */
  readonly api: LogApi;
  /** The feed, with its address. */
  readonly feed: Feed;
  /** Logs on their way to the custom service; undefined if the settings have none that gets each log. */
  readonly delivery: Delivery | undefined;
  /** Tells what became of each delivery, with its address. */
  readonly deliveries: Deliveries;
  /** Tells how the service is doing, with its address. */
  readonly status: Status;
  /** The page for people, with its address; undefined if the settings leave it out. */
  readonly page: Page | undefined;
  /** The dashboard in CloudWatch, with its address. */
  readonly dashboard: Dashboard;
  readonly #logs: LogTable;
  readonly #announces: boolean;

  constructor(scope: Construct, id: string, props: SecurityLogsProps = {}) {
    super(scope, id);
    const settings = readSettings(props.settings ?? {});
    const { events, delivery, retentionHours, publisherAccounts, busName, alarms, ocsfUser } = settings;
    const { account, functions } = settings;
    const { kmsKeyArn } = account;
    const queueKeyArn = settings.queueKmsKeyArn ?? kmsKeyArn;
    this.#announces = announcesStoredLogs(settings);
    const actions = chosenActions(events);
    const consumers = settings.consumers.map((each) => watchedConsumer(each, retentionHours));
    const consumerKeys = consumers.map(({ key }) => key);

    const bus = new SecurityEventBus(this, 'Bus', { name: busName, publisherAccounts });
    const table = new LogTable(this, 'Logs', { retentionHours, kmsKeyArn, ...settings.table });
    const api = new LogApi(this, 'Api', {
      settings: settings.api,
      table,
      consumerKeys,
      ocsfUser,
      secretKeyArn: kmsKeyArn,
      size: functions.query,
    });
    const feed = new Feed(this, 'Feed', {
      table,
      api,
      consumerKeys,
      ocsfUser,
      queueKeyArn,
      size: functions.feed,
    });
    const ingest = new Ingest(this, 'Ingest', {
      bus,
      table,
      events: actions,
      concurrency: settings.ingest.concurrency,
      announceStored: this.#announces,
      personalData: settings.personalData,
      resolveQueue: feed.resolveQueue,
      queueKeyArn,
      secretKeyArn: kmsKeyArn,
      size: functions.ingest,
    });
    feed.deployAfter(ingest.function);
    this.rejections = new Rejections(this, 'Rejections', { bus, queueKeyArn });

    const store = batchedFileStore(delivery);
    this.deliveries = new Deliveries(this, 'Deliveries', {
      table,
      api,
      hasCustomService: delivery.method !== 'api' && store === undefined,
      size: functions.deliveries,
    });
    if (delivery.method !== 'api' && store)
      new Archive(this, 'Archive', { table, settings: delivery, store, ocsfUser, size: functions.archive });
    this.delivery =
      delivery.method === 'api' || store
        ? undefined
        : new Delivery(this, 'Delivery', {
            bus,
            table,
            settings: delivery,
            retentionHours,
            ocsfUser,
            queueKeyArn,
            secretKeyArn: kmsKeyArn,
            size: functions.deliver,
          });

    this.status = new Status(this, 'Status', {
      table,
      api,
      ingestQueue: ingest.queue,
      customService: delivery.method === 'api' ? 'none' : store ? 'files' : 'each-log',
      delivery: this.delivery,
      size: functions.status,
    });

    if (settings.eventArchive) archiveEvents(this, 'EventArchive', bus, actions, settings.eventArchive);
    this.page = settings.page ? new Page(this, 'Page', { api, size: functions.page }) : undefined;
    for (const consumer of consumers) alarmOnConsumer(this, consumer);
    const { canary } = settings;
    if (canary) new Canary(this, 'Canary', { settings: canary, bus, api, feed, events: actions });

    this.dashboard = new Dashboard(this, 'Dashboard', {
      stage: api.stage,
      table: table.table,
      ingestQueue: ingest.queue,
      deliveryQueues: this.delivery && [this.delivery.queue, this.delivery.retries],
      hasArchive: store !== undefined,
      hasCanary: canary !== undefined,
      consumerKeys,
    });

    this.bus = bus;
    this.ingest = ingest;
    this.api = api;
    this.feed = feed;
    this.#logs = table;
    if (alarms) notifyOfAlarms(this, alarms);
    applyAccountSettings(this, account);
  }

  /** The table of logs. What is in it is compressed: consumers read the API or the feed. */
  get table(): Table {
    return this.#logs.table;
  }

  /** The key of the API. `grantRead` lets a consumer of this account read it. */
  get key(): ApiKey {
    return this.api.key;
  }

  /** Every alarm of the service, to add actions to. */
  get alarms(): Alarm[] {
    return this.node.findAll().filter((construct) => construct instanceof Alarm);
  }

  /** Lets a producer of this account publish security events, and nothing else. */
  grantPublish(producer: IGrantable): Grant {
    return this.bus.grantPublish(producer);
  }

  /**
   * Sends each announcement of a stored log to a target (docs/custom-services.md#subscribing-to-the-bus). A log is announced at least once.
   *
   * @param id of the rule, which is made in the scope of this construct
   * @throws Error if the settings leave announcements out
   */
  onLogStored(id: string, target: IRuleTarget): Rule {
    if (!this.#announces)
      throw new Error(`${id}: no stored log is announced; set the setting "announcements" to true`);
    return new Rule(this, id, {
      eventBus: this.bus.bus,
      eventPattern: storedLogs(),
      targets: [target],
    });
  }
}
