import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { ArchiveEnvironment } from '../shared/environment.ts';
import type { OcsfUser } from '../shared/log/formats/ocsf/authentication.ts';
import type { Delivery as DeliverySettings } from '../shared/settings/delivery.ts';
import type { BatchedFileStore } from '../shared/settings/file-store.ts';
import type { FunctionSize } from '../shared/settings/functions.ts';
import { alarmOnLateArchive, alarmOnMissingLogs, alarmOnStalledArchive } from './archive-alarms.ts';
import { grantFiles } from './file-store.ts';
import type { LogTable } from './log-table.ts';
import { acknowledge } from './nag.ts';
import { serviceFunction } from './service-function.ts';

/**
 * A run begins no further file after 45 seconds. Choosing what goes into one takes 20 seconds at most; writing 128 MB takes
 * about as long, and the upload 30 seconds.
 */
const FUNCTION_TIMEOUT = Duration.minutes(3);
const INTERVAL = Duration.minutes(1);
const MEGABYTE = 1_000_000;

/** How much longer than the settings say the oldest log may wait before somebody is told. */
const PATIENCE = Duration.minutes(15);

export interface ArchiveProps {
  readonly table: LogTable;
  /** With files of many logs. */
  readonly settings: DeliverySettings;
  readonly store: BatchedFileStore;
  /** Who the user of an authentication is in OCSF. */
  readonly ocsfUser: OcsfUser;
  /** The memory and the concurrency of the function, if the settings have them. */
  readonly size: FunctionSize | undefined;
}

/**
 * Writes the feed into files of many logs (docs/custom-services.md#files-with-many-logs): the schedule and the function. It needs no
 * queue: what is not archived yet is in the feed.
 */
export class Archive extends Construct {
  constructor(scope: Construct, id: string, { table, settings, store, ocsfUser, size }: ArchiveProps) {
    super(scope, id);
    const { vpc, ...delivery } = settings;
    const { maxMegabytes, maxAgeSeconds } = store.batch;
    const maxAge = Duration.seconds(maxAgeSeconds);
    const fn = serviceFunction<ArchiveEnvironment>(this, 'Function', {
      name: 'archive',
      description: 'Writes the feed into files of many logs',
      // by default one vCPU; a batch is in memory compressed, and otherwise some megabytes at a time
      size,
      timeout: FUNCTION_TIMEOUT,
      ...(vpc && { vpc }),
      environment: (role) => {
        grantFiles(role, store);
        return {
          ...table.grantArchive(role),
          DELIVERY: JSON.stringify(delivery),
          MAX_BATCH_BYTES: String(maxMegabytes * MEGABYTE),
          MAX_BATCH_AGE_MS: String(maxAge.toMilliseconds()),
          OCSF_USER: JSON.stringify(ocsfUser),
        };
      },
    });
    const schedule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(INTERVAL),
      targets: [new LambdaFunction(fn)],
    });
    acknowledge(schedule, {
      'Serverless-EventBusDLQ': 'A run that was missed needs no redrive: the next one does the same again.',
    });
    alarmOnLateArchive(fn, maxAge.plus(PATIENCE));
    alarmOnStalledArchive(fn, 15);
    alarmOnMissingLogs(fn);
  }
}
