import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CONSUMERS_SERVICE } from '../../shared/consumer-metrics.ts';
import { queryEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { awsClient, dynamoDbClient, READING_TIMEOUTS } from '../aws-clients.ts';
import { apiKeyGuard, keySecret, SECRET_ATTEMPTS } from '../http/api-key.ts';
import { consumerMetrics } from '../http/consumer-metrics.ts';
import { readingHandler } from '../http/reading-handler.ts';
import { query } from './query.ts';
import { reporting } from './report.ts';

const environment = readEnvironment(queryEnvironmentSchema, process.env);

/** The store repeats its reads itself (shared/store/paced-reads.ts): the SDK's retries have a budget that throttling uses up. */
const ATTEMPTS = 1;

const secrets = awsClient(SecretsManagerClient, SECRET_ATTEMPTS);

const report = reporting(
  new Logger(),
  new Metrics(),
  consumerMetrics(new Metrics({ serviceName: CONSUMERS_SERVICE }), environment.CONSUMER_KEYS),
);

export const handler = readingHandler({
  report,
  identifyCaller: apiKeyGuard(keySecret(secrets, environment.API_KEY_SECRET_ARN), Date.now),
  answer: query({
    store: logStore({
      client: dynamoDbClient(ATTEMPTS, READING_TIMEOUTS),
      tableName: environment.TABLE_NAME,
      retentionHours: environment.RETENTION_HOURS,
    }),
    timeoutMs: environment.RESPONSE_TIMEOUT_MS,
    memoryBytes: environment.COLLECT_MEMORY_BYTES,
    ocsfUser: environment.OCSF_USER,
    now: Date.now,
    onQuery: report.note,
  }),
});
