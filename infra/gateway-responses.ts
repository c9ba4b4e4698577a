import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';

interface GatewayAnswer {
  readonly type: ResponseType;
  readonly code: string;
  readonly message: string;
  /** Seconds after which to send the request again, where that helps. */
  readonly retryAfter?: number;
}

const HOW_TO_READ = 'Logs are read with GET /player/api/get-security-logs and the header apiKey.';

/**
 * What the gateway answers by itself. A type that is not named here (414 and 431 have none) falls back on the
 * default of its class; the status codes stay the gateway's own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const ANSWERS: readonly GatewayAnswer[] = [
  {
    // what API Gateway calls a path or method it does not know
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    code: 'unknown_path',
    message: `There is no such path or method. ${HOW_TO_READ}`,
  },
  {
    type: ResponseType.ACCESS_DENIED,
    code: 'access_denied',
    message: 'A policy of this API refuses the request, whatever the apiKey.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    code: 'request_too_large',
    message: `The request is too large. ${HOW_TO_READ}`,
  },
  {
    type: ResponseType.THROTTLED,
    code: 'throttled',
    message: 'Too many requests at once. Wait a second and send the request again.',
    retryAfter: 1,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    code: 'quota_exceeded',
    message: 'The quota of requests is used up.',
    retryAfter: 3600,
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    code: 'gateway_timeout',
    message: 'The service did not answer in time. Send the request again, or ask for a shorter time range.',
    retryAfter: 5,
  },
  {
    type: ResponseType.DEFAULT_4XX,
    code: 'request_refused',
    message: `The gateway refused the request; the status says why. ${HOW_TO_READ}`,
  },
  {
    type: ResponseType.DEFAULT_5XX,
    code: 'gateway_error',
    message:
      'The service could not answer. Send the request again; if that fails, report the x-amzn-requestid header.',
    retryAfter: 5,
  },
];

/** Gives every answer that the gateway makes by itself the shape of the service's own (docs/contract.md#reading-logs). */
export function addGatewayResponses(api: RestApi): void {
  for (const { type, code, message, retryAfter } of ANSWERS) {
    api.addGatewayResponse(type.responseType, {
      type,
      // the inner quotes make a value literal
      responseHeaders: {
        'Content-Type': "'application/json'",
        'Cache-Control': "'no-store'",
        ...(retryAfter && { 'Retry-After': `'${retryAfter}'` }),
      },
      templates: { 'application/json': JSON.stringify({ error: { code, message } }) },
    });
  }
}
