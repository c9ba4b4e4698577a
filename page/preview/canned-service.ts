import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPage } from '../build/build-page.ts';

/** An answer that takes the place of the one that belongs to a request. */
export interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: Readonly<Record<string, unknown>>;
  /** Breaks the connection after this part of the logs instead. */
  readonly cutAfter?: number;
}

export interface CannedOptions {
  /** The JSON of logs, in the order of their time. */
  readonly lines: readonly string[];
  readonly key: string;
  /** The JSON of deliveries; without them, there is no custom service. */
  readonly deliveries?: readonly string[];
  /** Looks at each request to the API. */
  readonly fault?: (url: URL) => Fault | undefined;
}

const PAGE = '/player/security-logs';
const WINDOWS = '/player/api/get-security-logs';
const FEED = '/player/api/security-logs/feed';
const DELIVERIES = '/player/api/security-logs/deliveries';

/**
 * Serves the page over logs from memory, as the API does (docs/contract.md#reading-logs): for tests of what the API seldom
 * does, and for measuring the page by itself.
 */
export async function startCannedService({ lines, key, deliveries, fault }: CannedOptions) {
  const page = await buildPage();
  const times = Float64Array.from(lines, (line) => Date.parse(JSON.parse(line)['@timestamp']));
  const stored: string[] = [];
  const asked: string[] = [];

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    if (url.pathname === PAGE) {
      response.writeHead(200, page.headers);
      response.end(page.html);
    } else if ([WINDOWS, FEED, DELIVERIES].includes(url.pathname)) {
      asked.push(request.url ?? '');
      answer(request, url, response);
    } else {
      response.writeHead(404);
      response.end();
    }
  });

  const answer = (request: IncomingMessage, url: URL, response: ServerResponse): void => {
    if (request.headers['apikey'] !== key)
      refuse(response, { status: 401, error: { code: 'unauthorized', message: 'wrong key' } });
    else answerRightKey(url, response, fault?.(url));
  };

  const answerRightKey = (url: URL, response: ServerResponse, planned: Fault | undefined): void => {
    if (planned !== undefined && planned.cutAfter === undefined) refuse(response, planned);
    else if (url.pathname === DELIVERIES) {
      if (deliveries !== undefined) send(response, deliveries, {});
      else refuse(response, { status: 404, error: { code: 'no_custom_service', message: 'none' } });
    } else if (url.pathname === FEED) {
      const place = Number(url.searchParams.get('cursor') ?? stored.length);
      send(response, stored.slice(place), { 'Feed-Cursor': String(stored.length) });
    } else send(response, windowOf(url), {}, planned?.cutAfter);
  };

  const windowOf = (url: URL): readonly string[] => {
    const from = firstFrom(times, Date.parse(url.searchParams.get('start_time') ?? ''));
    const until = firstFrom(times, Date.parse(url.searchParams.get('end_time') ?? ''));
    const found = lines.slice(from, until);
    return url.searchParams.get('order') === 'desc' ? found.reverse() : found;
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${PAGE}`,
    /** The requests to the API, in their order. */
    asked: asked as readonly string[],
    /** Gives logs to the feed, as they are stored now. */
    store: (...logs: readonly string[]): void => void stored.push(...logs),
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(response: ServerResponse, { status, headers, error }: Fault): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify({ error }));
}

/** Sends logs a line; breaks the connection after some of them. */
function send(
  response: ServerResponse,
  lines: readonly string[],
  headers: Readonly<Record<string, string>>,
  cutAfter?: number,
): void {
  response.writeHead(200, {
    'Content-Type': 'application/x-ndjson',
    'Cache-Control': 'no-store',
    'Number-Of-Results': String(lines.length),
    ...headers,
  });
  if (cutAfter !== undefined) {
    response.write(
      lines
        .slice(0, cutAfter)
        .map((line) => `${line}\n`)
        .join(''),
      () => response.destroy(),
    );
    return;
  }
  let at = 0;
  const more = (): void => {
    while (at < lines.length) {
      const piece = lines.slice(at, at + 500);
      at += 500;
      if (!response.write(piece.map((line) => `${line}\n`).join(''))) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

/** @returns the first place whose time is not before an instant */
function firstFrom(times: Float64Array, instant: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
