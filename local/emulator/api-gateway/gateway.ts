import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from '../http/http-server.ts';
import { readBody } from '../http/read-body.ts';
import type { Log } from '../log.ts';
import type { GatewayResponseType } from './gateway-responses.ts';
import { type Gateway, type Respond, send } from './gateway-server.ts';
import { proxyEvent } from './proxy-event.ts';
import type { Route } from './router.ts';
import { type Integration, streamAnswer } from './stream-answer.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html. Bytes. */
const HEADERS_LIMIT = 10_240;
const PAYLOAD_LIMIT = 10 * 1024 * 1024;
/** Longer URLs than API Gateway's clients can send through its content delivery network. Bytes. */
const URL_LIMIT = 8192;

export interface GatewayOptions {
  readonly stage: string;
  readonly apiId: string;
  readonly accountId: string;
  readonly find: (method: string, path: string) => Route<Integration> | undefined;
  /** Takes a token of the route, or says there is none. */
  readonly admit: (route: Route<Integration>) => boolean;
  readonly respond: Respond;
  readonly log: Log;
}

/** Answers requests to one stage of a REST API, under its name. */
export function serveGateway({ respondWith }: Gateway, options: GatewayOptions): Handler {
  respondWith(options.respond);
  return async (request, response) => {
    const requestId = randomUUID();
    const refuse = (type: GatewayResponseType, status?: number): void =>
      send(response, options.respond(type, requestId, status));
    try {
      await answer(request, response, requestId, refuse, options);
    } catch (error) {
      if (response.destroyed) return;
      options.log.warn(`the gateway failed: ${(error as Error).stack}`);
      if (response.headersSent) response.destroy();
      else refuse('DEFAULT_5XX', 500);
    }
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  refuse: (type: GatewayResponseType, status?: number) => void,
  options: GatewayOptions,
): Promise<void> {
  const { stage, apiId, accountId, find, admit, log } = options;
  const url = request.url ?? '';
  if (request.headers.host === undefined && request.httpVersion === '1.1') return refuse('DEFAULT_4XX', 400);
  if (url.length > URL_LIMIT) return refuse('DEFAULT_4XX', 414);
  if (sizeOfHeaders(request) > HEADERS_LIMIT) return refuse('DEFAULT_4XX', 431);

  const path = pathInStage(url, stage);
  const route = path === undefined ? undefined : find(request.method ?? '', path);
  if (path === undefined || route === undefined) return refuse('MISSING_AUTHENTICATION_TOKEN');
  if (!admit(route)) return refuse('THROTTLED');
  const body = await readBody(request, PAYLOAD_LIMIT);
  if (body === undefined) return refuse('REQUEST_TOO_LARGE');

  const { resource, target } = route;
  const event = proxyEvent({ request, requestId, body, resource, path, stage, apiId, accountId });
  const failure = await streamAnswer(event, target, requestId, response, log);
  if (failure !== undefined) refuse(failure);
}

function pathInStage(url: string, stage: string): string | undefined {
  const [path = ''] = url.split('?', 1);
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
}

const sizeOfHeaders = ({ rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((size, text) => size + Buffer.byteLength(text), 0);
