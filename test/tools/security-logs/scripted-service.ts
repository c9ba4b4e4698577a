import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server that answers one request after another as it is told, the last answer again and again. */
export async function startScriptedService(...replies: Reply[]) {
  const requests: URL[] = [];
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    requests.push(new URL(request.url ?? '', 'http://service'));
    keys.push(request.headers['apikey']);
    (replies.length > 1 ? replies.shift() : replies[0])?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs`,
    requests,
    keys,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A 200 with this body, compressed. */
export const whole =
  (body: string, headers: Record<string, string>): Reply =>
  (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', ...headers });
    response.end(gzipSync(body));
  };

/** The same, but the connection breaks before the end. */
export const cutShort =
  (body: string, headers: Record<string, string>): Reply =>
  (response) => {
    const bytes = gzipSync(body);
    response.writeHead(200, { 'content-encoding': 'gzip', ...headers });
    response.write(bytes.subarray(0, bytes.length - 9), () => response.destroy());
  };

export const refusal =
  (status: number, error: object, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, headers);
    response.end(JSON.stringify({ error }));
  };
