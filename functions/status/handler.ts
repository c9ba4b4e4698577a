import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { readEnvironment, statusEnvironmentSchema } from '../../shared/environment.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { awsClient, dynamoDbClient } from '../aws-clients.ts';
import { apiKeyGuard, keySecret, SECRET_ATTEMPTS } from '../http/api-key.ts';
import { readingHandler } from '../http/reading-handler.ts';
import { requestReport } from '../http/request-report.ts';
import { VARY } from '../http/responses.ts';
import { figureReader } from './read-figures.ts';
import { status } from './status.ts';

const environment = readEnvironment(statusEnvironmentSchema, process.env);

/** Of each request, which a caller waits for. */
const ATTEMPTS = 2;

const { CUSTOM_SERVICE: kind } = environment;
const secrets = awsClient(SecretsManagerClient, SECRET_ATTEMPTS);

export const handler = readingHandler({
  report: requestReport(new Logger(), new Metrics(), VARY.byFormat),
  identifyCaller: apiKeyGuard(keySecret(secrets, environment.API_KEY_SECRET_ARN), Date.now),
  answer: status({
    read: figureReader({
      openTable: dynamoDbFeedTable({
        client: dynamoDbClient(ATTEMPTS),
        tableName: environment.TABLE_NAME,
      }),
      sqs: awsClient(SQSClient, ATTEMPTS),
      lambda: awsClient(LambdaClient, ATTEMPTS),
      version: environment.VERSION,
      ingestQueueUrl: environment.INGEST_QUEUE_URL,
      kind,
      delivery:
        kind === 'each-log'
          ? {
              mappingIds: environment.DELIVERY_MAPPING_IDS.split(','),
              queueUrl: environment.DELIVERY_QUEUE_URL,
              retryQueueUrl: environment.DELIVERY_RETRY_QUEUE_URL,
              deadLetterQueueUrl: environment.DELIVERY_DEAD_LETTER_QUEUE_URL,
            }
          : undefined,
    }),
    now: Date.now,
  }),
});
