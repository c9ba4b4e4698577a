import { randomUUID } from 'node:crypto';
import { type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ListeningServer, listen } from '../http/http-server.ts';
import type { GatewayResponse, GatewayResponseType } from './gateway-responses.ts';

/** Node's own limits are above the gateway's: the gateway itself refuses what is too large. */
const SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: 32 * 1024,
  keepAliveTimeout: 60_000,
  requireHostHeader: false,
};

/** What the gateway answers by itself. */
export type Respond = (type: GatewayResponseType, requestId: string, status?: number) => GatewayResponse;

export interface Gateway extends ListeningServer {
  respondWith(respond: Respond): void;
}

const whileStarting: Respond = (_, requestId) => ({
  status: 503,
  headers: {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
    'x-amzn-RequestId': requestId,
  },
  body: JSON.stringify({
    error: { code: 'starting', message: 'The service is starting. Send the request again in a second.' },
  }),
});

export async function listenGateway(port: number): Promise<Gateway> {
  let respond = whileStarting;
  const listening = await listen(port, SERVER_OPTIONS, (_, response) =>
    send(response, whileStarting('DEFAULT_5XX', randomUUID())),
  );
  const { server } = listening;
  const answering = new WeakSet<Duplex>();
  server.prependListener('request', ({ socket }, response) => {
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
  });
  server.on('checkExpectation', (_, response) =>
    send(response, respond('DEFAULT_4XX', randomUUID(), EXPECTATION_FAILED)),
  );
  server.on('clientError', (error: ParseError, socket: Duplex) => {
    if (answering.has(socket)) return socket.destroy();
    const [type, status] = whyUnreadable(error);
    sendRaw(socket, respond(type, randomUUID(), status));
  });
  return {
    ...listening,
    respondWith(given) {
      respond = given;
    },
  };
}

const EXPECTATION_FAILED = 417;

type ParseError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

/** The first line of an HTTP request with any method. */
const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ [^ \r\n]+ HTTP\/1\.[01]\r?\n/;

/** Why Node could not read a request. A method that Node does not know is an unknown route. */
function whyUnreadable({ code, rawPacket }: ParseError): [GatewayResponseType, status?: number] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['DEFAULT_4XX', 431];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['DEFAULT_4XX', 408];
    case 'HPE_INVALID_METHOD':
      return REQUEST_LINE.test(rawPacket?.toString('latin1') ?? '')
        ? ['MISSING_AUTHENTICATION_TOKEN']
        : ['DEFAULT_4XX', 400];
    default:
      return ['DEFAULT_4XX', 400];
  }
}

export function send(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

/** Answers a request that Node could not read: there is no response object. */
function sendRaw(socket: Duplex, { status, headers, body }: GatewayResponse): void {
  if (!socket.writable) return;
  const all = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
