import { AccessLogFormat, type StageOptions } from 'aws-cdk-lib/aws-apigateway';

/**
 * The fields of a line. The query is not among them: it may name a process. Nor are headers: one is the key.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const FIELDS = {
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  time: '$context.requestTimeEpoch',
  sourceAddress: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.resourcePath',
  status: '$context.status',
  errorType: '$context.error.responseType',
  bytes: '$context.responseLength',
  ms: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationMs: '$context.integration.latency',
  firewallStatus: '$context.waf.status',
} as const;

/**
 * Sends a line of each request to a Data Firehose stream. Unlike access logs in CloudWatch, this needs no role that is set
 * for the whole account: API Gateway writes with its service-linked role.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html
 *
 * @param streamArn if undefined, there are no access logs
 */
export const accessLogs = (
  streamArn: string | undefined,
): Pick<StageOptions, 'accessLogDestination' | 'accessLogFormat'> =>
  streamArn === undefined
    ? {}
    : {
        accessLogDestination: { bind: () => ({ destinationArn: streamArn }) },
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(FIELDS)),
      };
