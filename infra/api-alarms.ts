import { Duration } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { type Alarm, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { alarmAbove, serviceMetric } from './alarms.ts';

/** The alarms of the API (docs/contract.md#reading-logs). */

const PERIOD = Duration.minutes(5);
/** One refused request a second, on average. */
const MOST_REFUSALS = 300;

/**
 * Goes off when the API answered with a 5xx status. The functions answer these without failing, so their own alarms
 * miss them.
 */
export const alarmOnServerErrors = (stage: Stage): Alarm =>
  alarmAbove(stage, 'ServerErrors', {
    metric: stage.metricServerError({ period: PERIOD }),
    alarmDescription:
      'Requests were answered with a 5xx status: see the log group of the function that answered.',
    runbook: 'the-api-answers-with-5xx',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/**
 * Goes off when the gateway refused many requests by itself: nearly all of these are over its limits. API Gateway counts no
 * throttled requests of a REST API, so they are what was counted but never reached a function.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
export const alarmOnGatewayRefusals = (stage: Stage): Alarm =>
  alarmAbove(stage, 'Refusals', {
    metric: new MathExpression({
      expression: 'requests - FILL(relayed, 0)',
      label: 'Requests that the gateway refused',
      usingMetrics: {
        requests: stage.metricCount({ period: PERIOD }),
        relayed: stage.metricIntegrationLatency({ period: PERIOD, statistic: Stats.SAMPLE_COUNT }),
      },
      period: PERIOD,
    }),
    threshold: MOST_REFUSALS,
    alarmDescription: `The gateway itself refused more than ${MOST_REFUSALS} requests in 5 minutes: its limits are reached, or someone tries other paths.`,
    runbook: 'the-gateway-refuses-requests',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/**
 * Goes off when queries have been answered with 408 for a quarter of an hour. A reader that uses `next_end_time` gets a few
 * of them while it catches up; one that does not gets the same again and again, and reads nothing.
 */
export const alarmOnRequestTimeouts = (query: LambdaFunction): Alarm =>
  alarmAbove(query, 'RequestTimeouts', {
    metric: serviceMetric(query, 'query', 'Status408', PERIOD).with({ statistic: Stats.SUM }),
    evaluationPeriods: 3,
    alarmDescription: 'Queries have been answered with 408 for 15 minutes: their windows hold too many logs.',
    runbook: 'queries-are-too-large',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
