import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HOST } from '../http/http-server.ts';

export interface Arrival {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly body: Buffer;
  /** The route's resource, such as `/items/all`. */
  readonly resource: string;
  readonly path: string;
  readonly stage: string;
  readonly apiId: string;
  readonly accountId: string;
}

/**
 * The event a function behind a REST API gets.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-input-format
 */
export function proxyEvent(arrival: Arrival): object {
  const { request, requestId, body, resource, path, stage, apiId, accountId } = arrival;
  const url = request.url ?? '';
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
  const sourceIp = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const headers: Pair[] = [...headerPairs(request.rawHeaders), ['X-Forwarded-For', sourceIp]];
  const now = new Date();
  return {
    resource,
    path,
    httpMethod: request.method,
    headers: lastOfEach(headers),
    multiValueHeaders: allOfEach(headers),
    queryStringParameters: orNull(lastOfEach(query)),
    multiValueQueryStringParameters: orNull(allOfEach(query)),
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId,
      apiId,
      domainName: ownAddress(request),
      domainPrefix: apiId,
      extendedRequestId: randomUUID(),
      httpMethod: request.method,
      identity: { ...NO_IDENTITY, sourceIp, userAgent: request.headers['user-agent'] ?? null },
      path: `/${stage}${path}`,
      protocol: `HTTP/${request.httpVersion}`,
      requestId,
      requestTime: commonLogTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: resource,
      resourcePath: resource,
      stage,
    },
    body: body.length === 0 ? null : body.toString(),
    isBase64Encoded: false,
  };
}

/** The gateway's own address stands for its domain: what the caller sends as `Host` does not change it. */
const ownAddress = ({ socket }: IncomingMessage): string => `${HOST}:${socket.localPort}`;

/** Who the caller is: nobody knows, because the stage authenticates nobody. */
const NO_IDENTITY = {
  ...{ accessKey: null, accountId: null, caller: null, principalOrgId: null, user: null, userArn: null },
  ...{ cognitoAuthenticationProvider: null, cognitoAuthenticationType: null },
  ...{ cognitoIdentityId: null, cognitoIdentityPoolId: null },
};

type Pair = readonly [name: string, value: string];

/** Node gives names and values in turns. */
const headerPairs = (raw: readonly string[]): Pair[] =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));

/** Where the last value of a name stood: of names that differ in case alone, the last one sent is the last here. */
function lastOfEach(pairs: Iterable<Pair>): Record<string, string> {
  const last = new Map<string, string>();
  for (const [name, value] of pairs) {
    last.delete(name);
    last.set(name, value);
  }
  return Object.fromEntries(last);
}

const allOfEach = (pairs: Iterable<Pair>): Record<string, string[]> => {
  const groups = Map.groupBy(pairs, ([name]) => name);
  return Object.fromEntries(Array.from(groups, ([name, group]) => [name, group.map(([, value]) => value)]));
};

const orNull = <T extends object>(values: T): T | null => (Object.keys(values).length === 0 ? null : values);

/** `05/Jan/2026:08:09:10 +0000` */
function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
