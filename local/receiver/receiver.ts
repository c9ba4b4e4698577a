import type { IncomingMessage, ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { ListeningServer } from '../emulator/http/http-server.ts';
import { readBody } from '../emulator/http/read-body.ts';
import { type ReceivedLog, readLog } from './received-log.ts';

/** A custom service to try deliveries with: it checks what it is sent, and tells of it. */

/** Where it is on the gateway's port, and what settings call it, whichever port that is. No stage has this name. */
const PATH = '/custom-service';
const NAME = `http://127.0.0.1:3000${PATH}`;

const WHOLE_NAME = new RegExp(`${NAME.replaceAll('.', '\\.')}(?="|$)`);

/** @param gatewayUrl without a slash at the end */
export const receiverUrl = (gatewayUrl: string): string => `${gatewayUrl}${PATH}`;

/** Puts the receiver's address where settings, or a variable made of them, name it. */
export const withReceiverUrl = (text: string, gatewayUrl: string): string =>
  text.replace(WHOLE_NAME, receiverUrl(gatewayUrl));

/** Larger than any log. Bytes. */
const BODY_LIMIT = 1024 * 1024;

export interface ReceiverOptions {
  /** The secrets a request may be signed with. */
  readonly secrets: () => readonly string[];
  onReceived(received: ReceivedLog): void;
}

/**
 * Puts the receiver before what else a server answers.
 *
 * @returns the server for the rest
 */
export const withReceiver = <Server extends ListeningServer>(
  server: Server,
  options: ReceiverOptions,
): Server => ({
  ...server,
  serve(handler) {
    server.serve((request, response) => {
      const isOurs = request.url?.split('?', 1)[0] === PATH;
      if (!isOurs) handler(request, response);
      else receive(request, response, options).catch(() => response.destroy());
    });
  },
});

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { secrets, onReceived }: ReceiverOptions,
): Promise<void> {
  if (request.method !== 'POST') return send(response, 405);
  const body = await readBody(request, BODY_LIMIT);
  if (body === undefined) return send(response, 413);

  const headers = headersOf(request);
  const signed = secrets().some((secret) => isSigned(secret, body, headers));
  const id = headers['webhook-id'];
  onReceived({
    method: 'POST',
    ...(await readPayload(body, headers['content-type'] ?? '')),
    ...(id !== undefined && { id }),
    signed,
  });
  send(response, signed ? 204 : 401);
}

const send = (response: ServerResponse, status: number): void => {
  response.writeHead(status).end();
};

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

function isSigned(secret: string, body: Buffer, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

/** The log as JSON, or as the file of a form. */
async function readPayload(body: Buffer, contentType: string) {
  if (!contentType.startsWith('multipart/form-data')) return readLog(body.toString());
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const file = form.get('file');
  return file instanceof File ? { fileName: file.name, ...readLog(await file.text()) } : readLog('');
}
