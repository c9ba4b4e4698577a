import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dynamoDbClient, eventBridgeClient } from '../../functions/aws-clients.ts';
import { deadlines } from '../../functions/ingest/deadlines.ts';
import { ingest } from '../../functions/ingest/ingest.ts';
import { busPublisher } from '../../functions/ingest/publisher.ts';
import { reporter } from '../../functions/ingest/report.ts';
import { batchResponse, messagesOf } from '../../functions/sqs-batch.ts';
import { ingestEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { HOUR } from '../../shared/time.ts';
import { answerWithIngest } from '../ingest-batches.ts';
import { storeOneByOne } from '../one-put-an-event.ts';

/** The ingest function with one conditional put an event, and without the feed. All the rest is the same. */

const environment = readEnvironment(ingestEnvironmentSchema, process.env);
const ATTEMPTS = 3;

const ingestBatch = ingest({
  store: storeOneByOne({
    client: dynamoDbClient(ATTEMPTS),
    tableName: environment.TABLE_NAME,
    lifetime: environment.RETENTION_HOURS * HOUR,
  }),
  openPublisher: busPublisher(eventBridgeClient(ATTEMPTS), environment.EVENT_BUS_NAME),
  announceStored: environment.ANNOUNCE_STORED_LOGS,
  report: reporter(new Logger(), new Metrics()),
  now: Date.now,
});

answerWithIngest(
  middy<SQSEvent, SQSBatchResponse>().handler(async (event: SQSEvent, context: Context) =>
    batchResponse(await ingestBatch(messagesOf(event), deadlines(context.getRemainingTimeInMillis()))),
  ),
);
