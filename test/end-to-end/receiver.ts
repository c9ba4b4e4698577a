import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the receiver got it. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When it came, epoch milliseconds. */
  readonly at: number;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How it answers: at first 204 to everything. */
  answer(decide: (received: Received, response: ServerResponse, n: number) => void): void;
  /** Waits until so many requests have come. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A custom service of plain Node: no code of the service is in it. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let decide = (_: Received, response: ServerResponse, _n: number): void => {
    response.writeHead(204).end();
  };
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const got = {
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks),
        at: Date.now(),
      };
      received.push(got);
      decide(got, response, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/logs`,
    received,
    answer(decision) {
      received.length = 0;
      decide = decision;
    },
    async until(count) {
      while (received.length < count) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
