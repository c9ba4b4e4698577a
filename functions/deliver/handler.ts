import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { deliverEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { logWriterFor } from '../../shared/log/formats/log-format.ts';
import { deliverySchema, headerSecretArns } from '../../shared/settings/schema.ts';
import { deliveryPace } from '../../shared/store/delivery-pace.ts';
import { deliveryWriter } from '../../shared/store/delivery-writer.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { HOUR } from '../../shared/time.ts';
import { awsClient, dynamoDbClient } from '../aws-clients.ts';
import { batchResponse, messagesOf } from '../sqs-batch.ts';
import { exponentialBackoff } from './backoff.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { deliverBatch } from './deliver.ts';
import { deliveryQueue } from './delivery-queue.ts';
import type { Deliver } from './outcome.ts';
import { faultReason } from './reason.ts';
import { reporter } from './report.ts';
import { deliverySecrets } from './secrets.ts';
import { isTestRequest, type TestResult, testDelivery } from './test-delivery.ts';
import { everyTurn, pacedTurns } from './turns.ts';

const environment = readEnvironment(deliverEnvironmentSchema, process.env);
const { service, payload, format, ocsfVersion, requestsPerSecond } = deliverySchema.parse(
  JSON.parse(environment.DELIVERY),
);

const ATTEMPTS = 3;
/** Of a record, with a client of its own: its retries do not use up those of reading the logs. */
const RECORD_ATTEMPTS = 2;

/**
 * The longest time in which a process makes no attempt, milliseconds. A log that is new when the service recovers is
 * delivered within a minute: ten seconds for a last probe that hangs, this pause, and the wait of the log itself.
 */
const LONGEST_PAUSE_MS = 30_000;

/** The part of the function's time that is kept for settling unfinished messages, milliseconds. */
const SETTLING_RESERVE_MS = 3_000;

const logger = new Logger();
const metrics = new Metrics();

/** Loads the chosen service alone: the clients of the others would slow the start. */
async function chosenService(): Promise<Deliver> {
  switch (service.type) {
    case 'https': {
      const { httpsService } = await import('./services/https.ts');
      const secrets = deliverySecrets({
        client: awsClient(SecretsManagerClient, ATTEMPTS),
        signingSecret: environment.SIGNING_SECRET_ARN,
        headerSecrets: headerSecretArns(service.headers),
        now: Date.now,
        onFailure: (error) => logger.warn('secrets could not be read', { reason: faultReason(error) }),
      });
      return httpsService({ service, payload, ...secrets, now: Date.now });
    }
    case 'lambda':
      return (await import('./services/lambda.ts')).lambdaService(service, payload);
    case 'file-store':
      return (await import('./services/file-store.ts')).fileStoreService(service, payload);
  }
}

const custom = {
  service: await chosenService(),
  write: logWriterFor(format, ocsfVersion, environment.OCSF_USER),
  startTurns:
    requestsPerSecond === undefined
      ? everyTurn
      : pacedTurns({
          reserve: deliveryPace(dynamoDbClient(ATTEMPTS), environment.TABLE_NAME, requestsPerSecond),
          now: Date.now,
        }),
  now: Date.now,
};

const deliver = deliverBatch({
  ...custom,
  store: logStore({
    client: dynamoDbClient(ATTEMPTS),
    tableName: environment.TABLE_NAME,
    retentionHours: environment.RETENTION_HOURS,
  }),
  record: deliveryWriter(dynamoDbClient(RECORD_ATTEMPTS), environment.TABLE_NAME),
  lifetime: environment.RETENTION_HOURS * HOUR,
  breaker: circuitBreaker({
    firstMs: environment.FIRST_RETRY_MS,
    longestMs: Math.min(LONGEST_PAUSE_MS, environment.LONGEST_RETRY_MS),
    now: Date.now,
  }),
  queue: deliveryQueue(
    awsClient(SQSClient, ATTEMPTS),
    environment.RETRY_QUEUE_URL,
    environment.DEAD_LETTER_QUEUE_URL,
    Date.now,
  ),
  report: reporter(logger, metrics),
  backoff: exponentialBackoff(environment.FIRST_RETRY_MS, environment.LONGEST_RETRY_MS, Math.random),
});
const test = testDelivery({ ...custom, uniqueName: randomUUID });

/** Takes batches of its queues, and requests of an operator to test the custom service. */
export const handler = middy<SQSEvent, SQSBatchResponse | TestResult>({
  requestEnd: () => metrics.publishStoredMetrics(),
}).handler(async (event: SQSEvent, context: Context) => {
  const signal = AbortSignal.timeout(context.getRemainingTimeInMillis() - SETTLING_RESERVE_MS);
  if (isTestRequest(event)) return test(signal);
  return batchResponse(await deliver(messagesOf(event), signal));
});
