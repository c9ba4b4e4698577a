import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * The interface of `aws-lambda-ric`'s native client, `rapid-client.node`: `next`, `done` and `error` call the Runtime
 * API. `done` and `error` return at once; the following `next` waits for them.
 */

const BASE = `http://${process.env['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let posted: Promise<unknown> = Promise.resolve();

export async function next(): Promise<{ bodyJson: string; headers: IncomingHttpHeaders }> {
  await posted;
  const { body, headers } = await send('GET', 'next');
  return { bodyJson: body, headers };
}

export function done(id: string, body: string): void {
  posted = send('POST', `${id}/response`, body);
}

export function error(id: string, body: string): void {
  posted = send('POST', `${id}/error`, body);
}

function send(
  method: string,
  path: string,
  body?: string,
): Promise<{ body: string; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const sent = request(`${BASE}/${path}`, { method, agent, headers }, async (response) => {
      try {
        resolve({ body: await text(response), headers: response.headers });
      } catch (error) {
        reject(error);
      }
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
