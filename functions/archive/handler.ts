import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { archiver } from '../../shared/archive/archive.ts';
import { compressLines } from '../../shared/archive/compress-lines.ts';
import { archiveEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { feedReader } from '../../shared/feed/read-feed.ts';
import { rangeReader } from '../../shared/feed/read-range.ts';
import { deliverySchema } from '../../shared/settings/delivery.ts';
import { batchedFileStore } from '../../shared/settings/file-store.ts';
import { dynamoDbArchiveStates } from '../../shared/store/archive/dynamodb-archive-states.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { SECOND } from '../../shared/time.ts';
import { awsClient, dynamoDbClient, READING_TIMEOUTS, type Timeouts } from '../aws-clients.ts';
import { batchFiles } from './batch-files.ts';
import { archiveReport } from './report.ts';

const environment = readEnvironment(archiveEnvironmentSchema, process.env);
const delivery = deliverySchema.parse(JSON.parse(environment.DELIVERY));
const store = batchedFileStore(delivery);
if (store === undefined) throw new Error('DELIVERY is no file store with batch');

const ATTEMPTS = 3;
/** A file of 128 MB may not compress at all. */
const UPLOADING_TIMEOUTS: Timeouts = { connectMs: 2 * SECOND, answerMs: 30 * SECOND };
/** A run begins no further batch after this long: the next run comes each minute. */
const RUN_MS = 45 * SECOND;
/** The part of the function's time that is kept for its metrics, milliseconds. */
const REPORTING_RESERVE_MS = 2 * SECOND;

const metrics = new Metrics();

const client = dynamoDbClient(ATTEMPTS, READING_TIMEOUTS);
const table = { client, tableName: environment.TABLE_NAME };
const openTable = dynamoDbFeedTable(table);
const retentionHours = environment.RETENTION_HOURS;
const { format, ocsfVersion } = delivery;
const { compression } = store.batch;

const archive = archiver({
  states: dynamoDbArchiveStates(table),
  readFeed: feedReader({ openTable, retentionHours, now: Date.now }),
  readRange: rangeReader({ openTable, now: Date.now }),
  compress: compressLines,
  objects: batchFiles({ client: awsClient(S3Client, ATTEMPTS, UPLOADING_TIMEOUTS), store }),
  form: { format, ocsfVersion, ocsfUser: environment.OCSF_USER, compression },
  bounds: { maxBytes: environment.MAX_BATCH_BYTES, maxAgeMs: environment.MAX_BATCH_AGE_MS },
  retentionHours,
  now: Date.now,
  report: archiveReport(new Logger(), metrics),
});

export const handler = async (_: ScheduledEvent, context: Context): Promise<void> => {
  const signal = AbortSignal.timeout(context.getRemainingTimeInMillis() - REPORTING_RESERVE_MS);
  try {
    await archive(Date.now() + RUN_MS, signal);
  } finally {
    metrics.publishStoredMetrics();
  }
};
