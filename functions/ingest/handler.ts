import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ingestEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { feedResolver } from '../../shared/feed/resolve.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { awsClient, dynamoDbClient, eventBridgeClient } from '../aws-clients.ts';
import { accountOfArn, batchResponse, messagesOf, queueArnOf } from '../sqs-batch.ts';
import { announceNothing, storedAnnouncer } from './announce-stored.ts';
import { deadlines } from './deadlines.ts';
import { ingest } from './ingest.ts';
import { protection } from './protection.ts';
import { busPublisher } from './publisher.ts';
import { reporter } from './report.ts';
import { resolveBatch } from './resolve.ts';
import { resolveReporter } from './resolve-report.ts';

const environment = readEnvironment(ingestEnvironmentSchema, process.env);

/** Few, because the queue tries again later. */
const ATTEMPTS = 3;

const table = { client: dynamoDbClient(ATTEMPTS), tableName: environment.TABLE_NAME };
const openPublisher = busPublisher(eventBridgeClient(ATTEMPTS), environment.EVENT_BUS_NAME);
const secrets = awsClient(SecretsManagerClient, ATTEMPTS);
const hashKeySecret = new GetSecretValueCommand({ SecretId: environment.HASH_KEY_SECRET_ARN });
const logger = new Logger();
const metrics = new Metrics();

const ingestEvents = ingest({
  store: logStore({ ...table, retentionHours: environment.RETENTION_HOURS }),
  openPublisher,
  openProtection: protection(
    environment.PERSONAL_DATA,
    async () => (await secrets.send(hashKeySecret)).SecretString,
    Date.now,
  ),
  announceStored: environment.ANNOUNCE_STORED_LOGS,
  report: reporter(logger, metrics),
  now: Date.now,
});

const openTable = dynamoDbFeedTable(table);
const announce = environment.ANNOUNCE_STORED_LOGS ? storedAnnouncer(openPublisher) : announceNothing;

const resolveRequests = resolveBatch({
  resolve: (request, signal) =>
    feedResolver({ openTable, now: Date.now, announce: (logs) => announce(logs, signal) })(request, signal),
  report: resolveReporter(logger, metrics),
});

export const handler = middy<SQSEvent, SQSBatchResponse>().handler(
  async (event: SQSEvent, context: Context) => {
    const messages = messagesOf(event);
    const limits = deadlines(context.getRemainingTimeInMillis());
    const queueArn = queueArnOf(event);
    const isResolving = queueArn === environment.RESOLVE_QUEUE_ARN;
    const work = isResolving
      ? resolveRequests(messages, limits.announcing)
      : ingestEvents(messages, limits, accountOfArn(queueArn));
    return batchResponse(await work);
  },
);
