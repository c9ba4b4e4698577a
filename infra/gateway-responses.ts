import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type ApiError, GATEWAY_ERRORS, type GatewayErrorCode } from '../shared/http-errors.ts';

/**
 * Which type of the gateway's own responses has which code. A type that is not named here (414 and 431 have none) falls
 * back on the default of its class; the status stays the gateway's own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
const RESPONSE_TYPES: Readonly<Record<GatewayErrorCode, ResponseType>> = {
  // what API Gateway calls a path or method it does not know
  unknown_path: ResponseType.MISSING_AUTHENTICATION_TOKEN,
  access_denied: ResponseType.ACCESS_DENIED,
  request_too_large: ResponseType.REQUEST_TOO_LARGE,
  throttled: ResponseType.THROTTLED,
  quota_exceeded: ResponseType.QUOTA_EXCEEDED,
  gateway_timeout: ResponseType.INTEGRATION_TIMEOUT,
  request_refused: ResponseType.DEFAULT_4XX,
  gateway_error: ResponseType.DEFAULT_5XX,
};

/** Gives every answer that the gateway makes by itself the shape of the service's own (docs/contract.md#errors). */
export function addGatewayResponses(api: RestApi): void {
  for (const [code, type] of Object.entries(RESPONSE_TYPES) as [GatewayErrorCode, ResponseType][]) {
    const { message, retryAfter }: ApiError = GATEWAY_ERRORS[code];
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
