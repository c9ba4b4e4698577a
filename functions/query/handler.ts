import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { StreamifyHandler } from 'aws-lambda';
import { queryEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { awsClient, dynamoDbClient, READING_TIMEOUTS } from '../aws-clients.ts';
import { type GatewayEvent, requestFromGateway } from '../http/api-gateway.ts';
import { apiKeyGuard, secretApiKey, sentApiKey } from '../http/api-key.ts';
import { withBreakableResponse } from '../http/breakable-response.ts';
import { requireReadingMethod } from '../http/method.ts';
import type { HttpRequest } from '../http/request.ts';
import { query } from './query.ts';
import { reporting } from './report.ts';

const environment = readEnvironment(queryEnvironmentSchema, process.env);

/** The store repeats its reads itself (shared/store/paced-reads.ts): the SDK's retries have a budget that throttling uses up. */
const ATTEMPTS = 1;
/** Of reading the API key, which a caller waits for. */
const SECRET_ATTEMPTS = 3;

const secrets = awsClient(SecretsManagerClient, SECRET_ATTEMPTS);

const checkApiKey = apiKeyGuard(secretApiKey(secrets, environment.API_KEY_SECRET_ARN), Date.now);

const report = reporting(new Logger(), new Metrics());

const answer = query({
  store: logStore({
    client: dynamoDbClient(ATTEMPTS, READING_TIMEOUTS),
    tableName: environment.TABLE_NAME,
    retentionHours: environment.RETENTION_HOURS,
  }),
  timeoutMs: environment.RESPONSE_TIMEOUT_MS,
  memoryBytes: environment.COLLECT_MEMORY_BYTES,
  now: Date.now,
  onQuery: report.note,
});

const streamed = middy<HttpRequest>({
  executionMode: executionModeStreamifyResponse,
  requestEnd: report.requestEnd,
})
  .use(report.middleware)
  .before(({ event }) => requireReadingMethod(event.method))
  .before(({ event }) => checkApiKey(sentApiKey(event)))
  .handler(answer);

/** middy's types do not know that its handler takes the stream of the response. */
const stream = streamed as unknown as StreamifyHandler<HttpRequest>;

export const handler = withBreakableResponse<GatewayEvent>((event, response, context) =>
  stream(requestFromGateway(event, Date.now()), response, context),
);
