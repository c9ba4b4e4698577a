import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { deliverEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { logStore } from '../../shared/log-store.ts';
import { deliverySchema, headerSecretArns } from '../../shared/settings.ts';
import { awsClient, dynamoDbClient } from '../aws-clients.ts';
import { exponentialBackoff } from './backoff.ts';
import { deliverBatch } from './deliver.ts';
import { deliveryQueue } from './delivery-queue.ts';
import type { Deliver } from './outcome.ts';
import { reporter } from './report.ts';
import { deliverySecrets } from './secrets.ts';

const environment = readEnvironment(deliverEnvironmentSchema, process.env);
const { service, payload } = deliverySchema.parse(JSON.parse(environment.DELIVERY));

const ATTEMPTS = 3;

/** Kept of the function's time to settle what is still unfinished. */
const SETTLING_RESERVE_MS = 3_000;

/** The chosen service alone is loaded: the others' clients would only slow the start. */
async function chosenService(): Promise<Deliver> {
  switch (service.type) {
    case 'https': {
      const { httpsService } = await import('./https-service.ts');
      const secrets = deliverySecrets(
        awsClient(SecretsManagerClient, ATTEMPTS),
        environment.SIGNING_SECRET_ARN,
        headerSecretArns(service.headers),
        Date.now,
      );
      return httpsService({ service, payload, ...secrets, now: Date.now });
    }
    case 'lambda':
      return (await import('./lambda-service.ts')).lambdaService(service, payload);
    case 'file-store':
      return (await import('./file-store-service.ts')).fileStoreService(service, payload);
  }
}

const metrics = new Metrics();

const deliver = deliverBatch({
  store: logStore({
    client: dynamoDbClient(ATTEMPTS),
    tableName: environment.TABLE_NAME,
    retentionHours: environment.RETENTION_HOURS,
  }),
  service: await chosenService(),
  queue: deliveryQueue(
    awsClient(SQSClient, ATTEMPTS),
    environment.QUEUE_URL,
    environment.DEAD_LETTER_QUEUE_URL,
  ),
  report: reporter(new Logger(), metrics),
  now: Date.now,
  backoff: exponentialBackoff(environment.FIRST_RETRY_MS, Math.random),
});

export const handler = middy<SQSEvent, SQSBatchResponse>({
  requestEnd: () => metrics.publishStoredMetrics(),
}).handler((event: SQSEvent, context: Context) =>
  deliver(event, AbortSignal.timeout(context.getRemainingTimeInMillis() - SETTLING_RESERVE_MS)),
);
