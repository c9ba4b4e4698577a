import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { deliveriesEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { deliveryReader } from '../../shared/store/delivery-reader.ts';
import { SECOND } from '../../shared/time.ts';
import { awsClient, dynamoDbClient } from '../aws-clients.ts';
import { apiKeyGuard, keySecret, SECRET_ATTEMPTS } from '../http/api-key.ts';
import { readingHandler } from '../http/reading-handler.ts';
import { deliveries } from './deliveries.ts';
import { deliveriesReport } from './report.ts';

const environment = readEnvironment(deliveriesEnvironmentSchema, process.env);

/** The store repeats its reads itself (shared/store/paced-reads.ts). */
const ATTEMPTS = 1;

/** The part of the function's time that is kept for logging an answer that was cut, milliseconds. */
const REPORTING_RESERVE_MS = 1 * SECOND;

const secrets = awsClient(SecretsManagerClient, SECRET_ATTEMPTS);

const report = deliveriesReport(new Logger(), new Metrics());

const answer = deliveries({
  read: deliveryReader({
    client: dynamoDbClient(ATTEMPTS),
    tableName: environment.TABLE_NAME,
    retentionHours: environment.RETENTION_HOURS,
  }),
  hasCustomService: environment.HAS_CUSTOM_SERVICE,
  now: Date.now,
  onQuery: report.noteQuery,
});

export const handler = readingHandler({
  report,
  identifyCaller: apiKeyGuard(keySecret(secrets, environment.API_KEY_SECRET_ARN), Date.now),
  answer: (request, caller, context) =>
    answer(
      request,
      caller,
      AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - REPORTING_RESERVE_MS)),
    ),
});
