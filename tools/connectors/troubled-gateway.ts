import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What happens to one request. `cut`: the connection breaks in the middle of the next answer that has logs. `reset`: it
 * breaks before the answer.
 */
export type Trouble = 'cut' | 'throttle' | 'unavailable' | 'reset';

/** Between a collector and the API: makes the trouble that networks and gateways make. */
export interface TroubledGateway {
  /** Without a slash at the end. */
  readonly url: string;
  /** Lets each of these happen once, in this order. */
  plan(troubles: readonly Trouble[]): void;
  /** Which of them have not happened yet. */
  left(): readonly Trouble[];
  /** Calls this once, when an answer with logs has been sent whole. */
  onceAnsweredWithLogs(then: () => void): void;
  close(): Promise<void>;
}

const THROTTLED = '{"error":{"code":"throttled","message":"too many requests come at once"}}';
const UNAVAILABLE =
  '{"error":{"code":"store_unavailable","message":"the store cannot be read at the moment"}}';

export async function startTroubledGateway(target: string): Promise<TroubledGateway> {
  let troubles: Trouble[] = [];
  let answeredWithLogs: (() => void) | undefined;

  const server = createServer(async (incoming, outgoing) => {
    const [next] = troubles;
    if (next !== undefined && next !== 'cut') {
      troubles.shift();
      return refuse(outgoing, next);
    }
    try {
      const answer = await passOn(`${target}${incoming.url}`, incoming);
      const hasLogs = Number(answer.headers['number-of-results']) > 0;
      const body = await buffer(answer);
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': body.length });
      if (hasLogs && next === 'cut' && troubles[0] === 'cut') {
        troubles.shift();
        outgoing.write(body.subarray(0, body.length / 2), () => outgoing.destroy());
        return;
      }
      outgoing.end(body, () => {
        if (!hasLogs) return;
        const then = answeredWithLogs;
        answeredWithLogs = undefined;
        then?.();
      });
    } catch {
      outgoing.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (planned) => {
      troubles = [...planned];
    },
    left: () => troubles,
    onceAnsweredWithLogs: (then) => {
      answeredWithLogs = then;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(outgoing: ServerResponse, trouble: Exclude<Trouble, 'cut'>): void {
  if (trouble === 'reset') return void outgoing.destroy();
  const [status, body] = trouble === 'throttle' ? [429, THROTTLED] : [503, UNAVAILABLE];
  outgoing.writeHead(status, { 'Content-Type': 'application/json', 'Retry-After': '1' }).end(body);
}

function passOn(url: string, incoming: IncomingMessage): Promise<IncomingMessage> {
  const { method, headers } = incoming;
  const { host: _, connection: __, ...rest } = headers;
  return new Promise((resolve, reject) => {
    const passedOn = request(url, { method, headers: rest }, (answer) => {
      delete answer.headers['transfer-encoding'];
      delete answer.headers.connection;
      resolve(answer);
    });
    passedOn.once('error', reject);
    incoming.pipe(passedOn);
  });
}
