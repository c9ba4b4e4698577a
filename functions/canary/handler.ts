import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { canaryEnvironmentSchema, readEnvironment } from '../../shared/environment.ts';
import { SECOND } from '../../shared/time.ts';
import { awsClient, eventBridgeClient } from '../aws-clients.ts';
import { publishOn } from './bus.ts';
import { canary } from './canary.ts';
import { canaryReport } from './report.ts';

const environment = readEnvironment(canaryEnvironmentSchema, process.env);

const ATTEMPTS = 3;
/** The part of the function's time that is kept for its metrics, milliseconds. */
const REPORTING_RESERVE_MS = 2 * SECOND;

const metrics = new Metrics();
const secrets = awsClient(SecretsManagerClient, ATTEMPTS);

const run = canary({
  apiUrl: environment.API_URL,
  feedUrl: environment.FEED_URL,
  keyName: environment.API_KEY_NAME,
  readSecret: async () => {
    const command = new GetSecretValueCommand({ SecretId: environment.API_KEY_SECRET_ARN });
    return (await secrets.send(command)).SecretString ?? '';
  },
  action: environment.ACTION,
  publish: publishOn(eventBridgeClient(ATTEMPTS), environment.EVENT_BUS_NAME),
  timeoutMs: environment.READABLE_WITHIN_MS,
  now: Date.now,
  report: canaryReport(new Logger(), metrics),
});

export const handler = async (_: ScheduledEvent, context: Context): Promise<void> => {
  try {
    await run(AbortSignal.timeout(context.getRemainingTimeInMillis() - REPORTING_RESERVE_MS));
  } finally {
    metrics.publishStoredMetrics();
  }
};
