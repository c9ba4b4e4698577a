import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Handler } from '../emulator/http/http-server.ts';
import { readBody } from '../emulator/http/read-body.ts';
import { type ReceivedLog, readLog } from './received-log.ts';

/** A custom service to try deliveries with: it checks each request, and tells of it. */

/** Its path on the gateway's port. No stage has this name. */
export const RECEIVER_PATH = '/custom-service';
/** Its address in settings, whichever port the gateway has. */
const ADDRESS = `http://127.0.0.1:3000${RECEIVER_PATH}`;

const WHOLE_ADDRESS = new RegExp(`${ADDRESS.replaceAll('.', '\\.')}(?="|$)`);

/** @param gatewayUrl without a slash at the end */
export const receiverUrl = (gatewayUrl: string): string => `${gatewayUrl}${RECEIVER_PATH}`;

/** Replaces the receiver's address in settings, or in a template made of them, by its address on this machine. */
export const withReceiverUrl = <T>(value: T, gatewayUrl: string): T =>
  JSON.parse(JSON.stringify(value), (_, part) =>
    typeof part === 'string' ? part.replace(WHOLE_ADDRESS, receiverUrl(gatewayUrl)) : part,
  );

const BODY_LIMIT = 1024 * 1024;

export interface ReceiverOptions {
  /** The secrets a request may be signed with. */
  readonly secrets: () => readonly string[];
  onReceived(received: ReceivedLog): void;
}

export const receiver =
  (options: ReceiverOptions): Handler =>
  (request, response) => {
    receive(request, options).then(
      (status) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  };

/** @returns the status of the answer */
async function receive(request: IncomingMessage, { secrets, onReceived }: ReceiverOptions): Promise<number> {
  if (request.method !== 'POST') return 405;
  const body = await readBody(request, BODY_LIMIT);
  if (body === undefined) return 413;

  const headers = headersOf(request);
  const signed = secrets().some((secret) => isSigned(secret, body, headers));
  const { 'webhook-id': id, 'content-type': contentType = '' } = headers;
  onReceived({ method: 'POST', ...(await readPayload(body, contentType)), ...(id && { id }), signed });
  return signed ? 204 : 401;
}

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
