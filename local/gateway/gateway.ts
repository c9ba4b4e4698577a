import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ListeningServer } from '../http-server.ts';
import type { Log } from '../log.ts';
import { readBody } from '../read-body.ts';
import type { GatewayResponse, GatewayResponseType } from './gateway-responses.ts';
import { proxyEvent } from './proxy-event.ts';
import type { Match } from './router.ts';
import { type Integration, streamAnswer } from './stream-answer.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html. Bytes. */
const HEADERS_LIMIT = 10_240;
const PAYLOAD_LIMIT = 10 * 1024 * 1024;
/** Longer URLs than API Gateway's clients can send through its content delivery network. Bytes. */
const URL_LIMIT = 8192;

/** For the gateway's server: Node's own limits lie above the gateway's, so that the gateway can say what is wrong. */
export const GATEWAY_SERVER_OPTIONS: ServerOptions = { maxHeaderSize: 32 * 1024, keepAliveTimeout: 60_000 };

export interface GatewayOptions {
  readonly stage: string;
  readonly apiId: string;
  readonly accountId: string;
  readonly find: (method: string, path: string) => Match<Integration> | undefined;
  /** Takes a token, or says there is none. */
  readonly admit: () => boolean;
  readonly respond: (type: GatewayResponseType, requestId: string, status?: number) => GatewayResponse;
  readonly log: Log;
}

/** Serves one stage of a REST API under its name. */
export function serveGateway({ server, serve }: ListeningServer, options: GatewayOptions): void {
  const answering = new WeakSet<Duplex>();
  serve(async (request, response) => {
    const { socket } = request;
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
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
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Nothing may follow an answer that has begun.
    if (answering.has(socket)) socket.destroy();
    else sendRaw(socket, options.respond('DEFAULT_4XX', randomUUID(), UNREADABLE[error.code ?? ''] ?? 400));
  });
}

/** Why Node could not read a request, and the status that says so. */
const UNREADABLE: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
  refuse: (type: GatewayResponseType, status?: number) => void,
  options: GatewayOptions,
): Promise<void> {
  const { stage, apiId, accountId, find, admit, log } = options;
  const url = request.url ?? '';
  if (url.length > URL_LIMIT) return refuse('DEFAULT_4XX', 414);
  if (sizeOfHeaders(request) > HEADERS_LIMIT) return refuse('DEFAULT_4XX', 431);

  const path = pathInStage(url, stage);
  const route = path === undefined ? undefined : find(request.method ?? '', path);
  if (path === undefined || route === undefined) return refuse('MISSING_AUTHENTICATION_TOKEN');
  if (!admit()) return refuse('THROTTLED');
  const body = await readBody(request, PAYLOAD_LIMIT);
  if (body === undefined) return refuse('REQUEST_TOO_LARGE');

  const { resource, pathParameters, target } = route;
  const event = proxyEvent({
    request,
    requestId,
    body,
    resource,
    pathParameters,
    path,
    stage,
    apiId,
    accountId,
  });
  const failure = await streamAnswer(event, target, requestId, response, log);
  if (failure !== undefined) refuse(failure);
}

/** The path behind the stage, without the query. */
function pathInStage(url: string, stage: string): string | undefined {
  const [path = ''] = url.split('?', 1);
  if (path === `/${stage}`) return '/';
  return path.startsWith(`/${stage}/`) ? path.slice(stage.length + 1) : undefined;
}

const sizeOfHeaders = ({ rawHeaders }: IncomingMessage): number =>
  rawHeaders.reduce((size, text) => size + Buffer.byteLength(text), 0);

function send(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

/** For a request that Node could not read, so that there is no response object. */
function sendRaw(socket: Duplex, { status, headers, body }: GatewayResponse): void {
  if (!socket.writable) return;
  const all = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
