import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Everything local is reachable from this machine only. */
export const HOST = '127.0.0.1';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListeningServer {
  readonly server: Server;
  readonly port: number;
  /** The address, without a slash at the end. */
  readonly url: string;
  /** Answers requests from now on; until then they are told to come back. */
  serve(handler: Handler): void;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server on this machine's loopback address.
 *
 * @param port 0 takes any free port
 * @throws Error with code `EADDRINUSE` if something listens there already
 */
export async function listen(port: number, options: ServerOptions = {}): Promise<ListeningServer> {
  let handle: Handler = (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end();
  const server = createServer(options, (request, response) => handle(request, response));
  server.listen(port, HOST);
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return {
    server,
    port: bound,
    url: `http://${HOST}:${bound}`,
    serve(handler) {
      handle = handler;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
