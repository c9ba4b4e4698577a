import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ingestEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { dynamoDbClient, eventBridgeClient } from '../aws-clients.ts';
import { batchResponse, messagesOf } from '../sqs-batch.ts';
import { deadlines } from './deadlines.ts';
import { ingest } from './ingest.ts';
import { busPublisher } from './publisher.ts';
import { reporter } from './report.ts';

const environment = readEnvironment(ingestEnvironmentSchema, process.env);

/** Few, because the queue tries again later. */
const ATTEMPTS = 3;

const ingestBatch = ingest({
  store: logStore({
    client: dynamoDbClient(ATTEMPTS),
    tableName: environment.TABLE_NAME,
    retentionHours: environment.RETENTION_HOURS,
  }),
  openPublisher: busPublisher(eventBridgeClient(ATTEMPTS), environment.EVENT_BUS_NAME),
  announceStored: environment.ANNOUNCE_STORED_LOGS,
  report: reporter(new Logger(), new Metrics()),
  now: Date.now,
});

export const handler = middy<SQSEvent, SQSBatchResponse>().handler(
  async (event: SQSEvent, context: Context) =>
    batchResponse(await ingestBatch(messagesOf(event), deadlines(context.getRemainingTimeInMillis()))),
);
