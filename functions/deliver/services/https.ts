import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { CustomService, Payload } from '../../../shared/settings/delivery.ts';
import { SECOND } from '../../../shared/time.ts';
import { errorName } from '../../error-name.ts';
import { type Deliver, type Delivery, type DeliveryOutcome, fileName } from '../outcome.ts';
import { httpOutcome } from './http-outcome.ts';
import { AddressRefused, isPublic, publicLookup } from './public-address.ts';

/** How long the service may take, from connecting to its status, milliseconds. */
const TIMEOUT_MS = 10 * SECOND;

export interface HttpsServiceOptions {
  readonly service: Extract<CustomService, { type: 'https' }>;
  readonly payload: Payload;
  /** The secrets to sign with: two during a rotation, so that a receiver may know either. */
  readonly signingSecrets: () => Promise<readonly string[]>;
  /** Further headers, and their secret values. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Is called when the service denied a request, because the secrets may have changed. */
  readonly doubt: () => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Posts each log to a URL, with the signature of the Standard Webhooks specification.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function httpsService({
  service,
  payload,
  signingSecrets,
  headers,
  doubt,
  now,
}: HttpsServiceOptions): Deliver {
  const url = new URL(service.url);
  const post = poster(url, service.allowedPrivateHosts ?? []);
  return async (delivery, signal) => {
    const { contentType, body } = await PAYLOADS[payload](delivery);
    const sentAt = new Date(now());
    const signatures = (await signingSecrets()).map((secret) =>
      new Webhook(secret).sign(delivery.id, sentAt, body),
    );
    const allHeaders = {
      ...(await headers()),
      'content-type': contentType,
      'content-length': String(Buffer.byteLength(body)),
      'webhook-id': delivery.id,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / SECOND)),
      'webhook-signature': signatures.join(' '),
    };
    try {
      const { status, retryAfter } = await post(allHeaders, body, signal);
      const outcome = httpOutcome(status, retryAfter, now());
      if (outcome.kind === 'denied') doubt();
      return outcome;
    } catch (error) {
      return outcomeOf(error, signal);
    }
  };
}

const PAYLOADS: Readonly<
  Record<Payload, (delivery: Delivery) => Promise<{ contentType: string; body: string }>>
> = {
  text: async ({ json }) => ({ contentType: 'application/json', body: json }),
  file: async (delivery) => {
    const form = new FormData();
    form.set('file', new Blob([delivery.json], { type: 'application/json' }), fileName(delivery));
    const encoded = new Response(form);
    return { contentType: encoded.headers.get('content-type') ?? '', body: await encoded.text() };
  },
};

type Post = (
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<{ status: number; retryAfter: string | undefined }>;

/** Posts to one URL and follows no redirect. Of the response it uses the status and `Retry-After`. */
function poster(url: URL, allowedHosts: readonly string[]): Post {
  const secure = url.protocol === 'https:';
  const request = secure ? httpsRequest : httpRequest;
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const lookup = publicLookup(allowedHosts);
  const host = url.hostname.replace(/^\[|\]$/g, '');

  return (headers, body, signal) =>
    new Promise((resolve, reject) => {
      // A host that is an address is checked here, because it is never looked up.
      if (isIP(host) && !isPublic(host) && !allowedHosts.includes(url.hostname)) {
        return reject(new AddressRefused(`${host} is not a public address`));
      }
      const timeout = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const posting = request(
        url,
        { method: 'POST', headers, agent, lookup, signal: timeout },
        (response) => {
          resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
          discard(response);
        },
      );
      posting.on('error', reject);
      return posting.end(body);
    });
}

/** How much of a response's body is read, so that the connection can be used again, bytes. A longer one is cut. */
const DISCARD_LIMIT = 64 * 1024;

function discard(response: NodeJS.ReadableStream & { destroy(): void }): void {
  let bytes = 0;
  response.on('error', () => {});
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD_LIMIT) response.destroy();
  });
}

function outcomeOf(error: unknown, signal: AbortSignal): DeliveryOutcome {
  if (error instanceof AddressRefused) return { kind: 'refused', reason: error.message };
  return { kind: 'failed', reason: failureReason(error, signal) };
}

function failureReason(error: unknown, { aborted }: AbortSignal): string {
  if (aborted) return 'the service did not answer before the function had to end';
  const isTimeout = error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name);
  if (isTimeout) return `the service did not answer in ${TIMEOUT_MS / SECOND} s`;
  return `the service could not be reached: ${errorName(error)}`;
}
