/**
 * What API Gateway answers by itself.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface GatewayResponseTemplate {
  readonly ResponseType: string;
  readonly StatusCode?: string | undefined;
  readonly ResponseParameters: Readonly<Record<string, string>>;
  readonly ResponseTemplates: Readonly<Record<string, string>>;
}

/** The types and their default statuses. The last two are for every response without a type of its own. */
const STATUSES = {
  MISSING_AUTHENTICATION_TOKEN: 403,
  THROTTLED: 429,
  REQUEST_TOO_LARGE: 413,
  INTEGRATION_TIMEOUT: 504,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 502,
} as const;

export type GatewayResponseType = keyof typeof STATUSES;

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PLAIN = {
  status: undefined,
  headers: JSON_TYPE,
  body: '{"message":"the gateway could not pass on the request"}',
};
const HEADER = 'gatewayresponse.header.';

/**
 * Compiles a template's responses.
 *
 * @returns gives the response of a type; `status` is used where neither the template nor the type fixes one
 * @throws Error naming a parameter or a variable that the local stack does not know
 */
export function gatewayResponses(
  templates: readonly GatewayResponseTemplate[],
): (type: GatewayResponseType, requestId: string, status?: number) => GatewayResponse {
  const byType = new Map(templates.map((template) => [template.ResponseType, compile(template)]));
  return (type, requestId, status = STATUSES[type]) => {
    const fallback = status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
    const response = byType.get(type) ?? byType.get(fallback) ?? PLAIN;
    return {
      status: response.status ?? status,
      headers: { ...response.headers, 'x-amzn-RequestId': requestId },
      body: response.body.replaceAll('$context.requestId', requestId),
    };
  };
}

function compile(template: GatewayResponseTemplate) {
  const { ResponseType, StatusCode, ResponseParameters, ResponseTemplates } = template;
  const unknown = (what: string): Error =>
    new Error(`gateway response ${ResponseType}: ${what} is unknown to the local stack`);
  const body = ResponseTemplates['application/json'] ?? PLAIN.body;
  const variable = /\$(?!context\.requestId\b)[a-zA-Z{][\w.]*/.exec(body);
  if (variable !== null) throw unknown(`the variable ${variable[0]}`);
  const headers = Object.entries(ResponseParameters).map(([parameter, value]) => {
    const literal = /^'(.*)'$/.exec(value)?.[1];
    if (!parameter.startsWith(HEADER) || literal === undefined) throw unknown(`${parameter} = ${value}`);
    return [parameter.slice(HEADER.length), literal] as const;
  });
  return {
    status: StatusCode === undefined ? undefined : Number(StatusCode),
    headers: { ...JSON_TYPE, ...Object.fromEntries(headers) },
    body,
  };
}
