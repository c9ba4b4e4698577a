import { receivedAt } from './received-at.ts';
import type { HttpRequest } from './request.ts';

/**
 * The parts of a proxy integration's event that are read. The types say more than a caller of the function has to keep:
 * the console's test, for one, leaves parts out.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-example-event
 */
export interface GatewayEvent {
  readonly httpMethod: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly multiValueQueryStringParameters?:
    | Readonly<Record<string, readonly string[] | undefined>>
    | null
    | undefined;
  readonly requestContext?:
    | {
        readonly requestId?: string | undefined;
        /** The gateway's own domain, or the custom domain that the request came to. */
        readonly domainName?: string | undefined;
        /** The path as the caller sees it: with the stage, or with what a custom domain has in its place. */
        readonly path?: string | undefined;
        /** Epoch milliseconds. */
        readonly requestTimeEpoch?: unknown;
        readonly identity?: { readonly sourceIp?: string | undefined } | undefined;
      }
    | undefined;
}

/**
 * Turns an event of API Gateway into a plain request. It never throws: what the event lacks, the request lacks.
 *
 * @param now epoch milliseconds
 */
export function requestFromGateway(event: GatewayEvent, now: number): HttpRequest {
  const { httpMethod, headers, multiValueQueryStringParameters, requestContext } = event;
  return {
    method: httpMethod,
    header: (name) => lastValue(headers ?? {}, name.toLowerCase()),
    parameters: multiValueQueryStringParameters ?? {},
    receivedAt: receivedAt(requestContext?.requestTimeEpoch, now),
    url: urlOf(requestContext?.domainName, requestContext?.path),
    requestId: requestContext?.requestId,
    sourceAddress: requestContext?.identity?.sourceIp,
  };
}

/** The gateway gives the last value of one name; of one name in several cases, the last of these is taken. */
function lastValue(headers: NonNullable<GatewayEvent['headers']>, lowerCaseName: string): string | undefined {
  const given = Object.keys(headers).findLast((header) => header.toLowerCase() === lowerCaseName);
  return given === undefined ? undefined : headers[given];
}

/**
 * Where a request came to. The gateway says so itself: what a caller sends as `Host` does not count. A domain of API
 * Gateway speaks HTTPS, on the default port. So a domain with another port is the gateway of a local stack, which speaks HTTP.
 */
function urlOf(domainName: string | undefined, path: string | undefined): string | undefined {
  if (!domainName || !path) return undefined;
  const url = URL.parse(`https://${domainName}${path}`);
  if (url === null) return undefined;
  if (url.port !== '') url.protocol = 'http:';
  return url.href;
}
