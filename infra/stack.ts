import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { batchedFileStore } from '../shared/settings/file-store.ts';
import { announcesStoredLogs, chosenActions, type Settings } from '../shared/settings/schema.ts';
import { notifyOfAlarms } from './alarm-actions.ts';
import { Archive } from './archive.ts';
import { Dashboard } from './dashboard.ts';
import { Deliveries } from './deliveries.ts';
import { Delivery } from './delivery.ts';
import { archiveEvents } from './event-archive.ts';
import { Feed } from './feed.ts';
import { Ingest } from './ingest.ts';
import { LogApi } from './log-api.ts';
import { LogTable } from './log-table.ts';
import { addOutputs } from './outputs.ts';
import { Page } from './page.ts';
import { Rejections } from './rejections.ts';
import { SecurityEventBus } from './security-event-bus.ts';

export interface SecurityLogsProps extends StackProps {
  /** The customer's settings (docs/contract.md#settings). */
  readonly settings: Settings;
}

/** The whole service (docs/architecture.md): composes the constructs, and adds the outputs and the alarm actions. */
export class SecurityLogsStack extends Stack {
  constructor(scope: Construct, props: SecurityLogsProps) {
    const { settings, ...stackProps } = props;
    const { events, delivery, retentionHours, publisherAccounts, busName, stackName, alarms, ocsfUser } =
      settings;
    super(scope, stackName, {
      description: 'Security logs: kept for a while, streamed to a SIEM',
      terminationProtection: settings.terminationProtection,
      ...stackProps,
    });
    const queueKeyArn = settings.queueKmsKeyArn;

    const bus = new SecurityEventBus(this, 'Bus', { name: busName, publisherAccounts });
    const table = new LogTable(this, 'Logs', { retentionHours, ...settings.table });
    const api = new LogApi(this, 'Api', { table, ocsfUser });
    const feed = new Feed(this, 'Feed', { table, api, ocsfUser, queueKeyArn });
    const ingest = new Ingest(this, 'Ingest', {
      bus,
      table,
      events: chosenActions(events),
      concurrency: settings.ingest.concurrency,
      announceStored: announcesStoredLogs(settings),
      resolveQueue: feed.resolveQueue,
      queueKeyArn,
    });
    feed.deployAfter(ingest.function);
    const rejections = new Rejections(this, 'Rejections', { bus, queueKeyArn });

    const store = batchedFileStore(delivery);
    const deliveries = new Deliveries(this, 'Deliveries', {
      table,
      api,
      hasCustomService: delivery.method !== 'api' && store === undefined,
    });
    if (delivery.method !== 'api' && store)
      new Archive(this, 'Archive', { table, settings: delivery, store, ocsfUser });
    const deliver =
      delivery.method === 'api' || store
        ? undefined
        : new Delivery(this, 'Delivery', {
            bus,
            table,
            settings: delivery,
            retentionHours,
            ocsfUser,
            queueKeyArn,
          });

    if (settings.eventArchive)
      archiveEvents(this, 'EventArchive', bus, chosenActions(events), settings.eventArchive);
    const page = settings.page ? new Page(this, 'Page', { api }) : undefined;

    const dashboard = new Dashboard(this, 'Dashboard', {
      stage: api.stage,
      table: table.table,
      ingestQueue: ingest.queue,
      deliveryQueues: deliver && [deliver.queue, deliver.retries],
      hasArchive: store !== undefined,
    });

    addOutputs(this, { bus, table, ingest, rejections, api, feed, deliveries, page, deliver, dashboard });
    if (alarms) notifyOfAlarms(this, alarms);
  }
}
