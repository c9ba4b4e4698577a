import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Reachable from this machine only. */
export const HOST = '127.0.0.1';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export type ListeningServer = Awaited<ReturnType<typeof listen>>;

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
) {
  let handle = unavailable;
  const server = createServer(options, (request, response) => {
    // A server that no longer listens has connections until they are idle.
    response.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()));
    handle(request, response);
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  const closed = new Promise((resolve) => server.once('close', resolve));
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await closed;
  };
  const bound = (server.address() as AddressInfo).port;
  return {
    server,
    port: bound,
    /** Without a slash at the end. */
    url: `http://${HOST}:${bound}`,
    /** Answers requests from now on. */
    serve(handler: Handler): void {
      handle = handler;
    },
    /**
     * Stops listening and waits for running requests. New requests on open connections are refused.
     *
     * @param patience milliseconds after which open connections are cut
     */
    async drain(patience: number): Promise<void> {
      handle = (request, response) => {
        response.setHeader('Connection', 'close');
        unavailable(request, response);
      };
      server.close();
      await Promise.race([closed, setTimeout(patience, undefined, { ref: false })]);
      await close();
    },
    /** Stops listening and cuts open connections. */
    close,
  };
}
