import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Reachable from this machine only. */
export const HOST = '127.0.0.1';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ListeningServer {
  readonly server: Server;
  readonly port: number;
  /** The address, without a slash at the end. */
  readonly url: string;
  /** Answers requests from now on. */
  serve(handler: Handler): void;
  /**
   * Stops listening and waits for running requests. New requests on open connections are refused.
   *
   * @param patience milliseconds after which open connections are cut
   */
  drain(patience: number): Promise<void>;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server on this machine's loopback address.
 *
 * @param port 0 takes any free port
 * @param unavailable answers requests until there is something to serve, and while the server drains
 * @throws Error with code `EADDRINUSE` if something listens there already
 */
export async function listen(
  port: number,
  options: ServerOptions = {},
  unavailable: Handler = (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end(),
): Promise<ListeningServer> {
  let handle = unavailable;
  const running = new Set<ServerResponse>();
  let settled: () => void = () => {};
  const server = createServer(options, (request, response) => {
    running.add(response);
    response.once('close', () => {
      running.delete(response);
      if (running.size === 0) settled();
    });
    handle(request, response);
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  let closed: Promise<void> | undefined;
  const stopListening = (): Promise<void> => {
    closed ??= new Promise((resolve) => server.close(() => resolve()));
    return closed;
  };
  const bound = (server.address() as AddressInfo).port;
  return {
    server,
    port: bound,
    url: `http://${HOST}:${bound}`,
    serve(handler) {
      handle = handler;
    },
    async drain(patience) {
      handle = (request, response) => {
        response.setHeader('Connection', 'close');
        unavailable(request, response);
      };
      const stopped = stopListening();
      if (running.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patience);
          settled = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      server.closeAllConnections();
      await stopped;
    },
    async close() {
      const stopped = stopListening();
      server.closeAllConnections();
      await stopped;
    },
  };
}
