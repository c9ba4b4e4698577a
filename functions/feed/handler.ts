import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CONSUMERS_SERVICE } from '../../shared/consumer-metrics.ts';
import { feedEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { feedReader } from '../../shared/feed/read-feed.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { awsClient, dynamoDbClient } from '../aws-clients.ts';
import { apiKeyGuard, keySecret, SECRET_ATTEMPTS } from '../http/api-key.ts';
import { consumerMetrics } from '../http/consumer-metrics.ts';
import { readingHandler } from '../http/reading-handler.ts';
import { feed } from './feed.ts';
import { feedReport } from './report.ts';
import { resolveQueue } from './resolve-queue.ts';

const environment = readEnvironment(feedEnvironmentSchema, process.env);

/** Of a request to DynamoDB, which a caller waits for. */
const ATTEMPTS = 3;
/** Of asking to resolve: there is a second for it, and the schedule does the same. */
const QUEUE_ATTEMPTS = 2;

const secrets = awsClient(SecretsManagerClient, SECRET_ATTEMPTS);

const report = feedReport(
  new Logger(),
  new Metrics(),
  Date.now,
  consumerMetrics(new Metrics({ serviceName: CONSUMERS_SERVICE }), environment.CONSUMER_KEYS),
);

export const handler = readingHandler({
  report,
  identifyCaller: apiKeyGuard(keySecret(secrets, environment.API_KEY_SECRET_ARN), Date.now),
  answer: feed({
    readFeed: feedReader({
      openTable: dynamoDbFeedTable({
        client: dynamoDbClient(ATTEMPTS),
        tableName: environment.TABLE_NAME,
      }),
      retentionHours: environment.RETENTION_HOURS,
      now: Date.now,
    }),
    ocsfUser: environment.OCSF_USER,
    askToResolve: resolveQueue({
      client: awsClient(SQSClient, QUEUE_ATTEMPTS),
      queueUrl: environment.RESOLVE_QUEUE_URL,
      now: Date.now,
      onFailure: report.notAskedToResolve,
    }),
    onQuery: report.noteQuery,
    onAnswer: report.noteAnswer,
  }),
});
