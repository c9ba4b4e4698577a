import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { errorOf, NoAnswer } from './answers.ts';

/** Longer than the service takes to begin an answer, and than any pause within one, milliseconds. */
const IDLE_MS = 90_000;

/** How much of an error's body is read, characters. */
const ERROR_LIMIT = 10_000;

/** The decoders of this version of Node. zstd came with 22.15 and 23.8. */
const DECODERS: Readonly<Record<string, (() => Transform) | undefined>> = {
  ...(typeof zlib.createZstdDecompress === 'function' && { zstd: () => zlib.createZstdDecompress() }),
  br: () => zlib.createBrotliDecompress(),
  gzip: () => zlib.createGunzip(),
};

/** A 200, of which the body is still to be read. */
export interface Answer {
  readonly headers: IncomingHttpHeaders;
  /** As it was sent. It fails if the transfer does not end properly. */
  readonly body: Readable;
  /** Decodes the body. */
  decoder(): Transform | undefined;
}

/**
 * Sends one GET. A redirect is not followed, because it would send the key to another host.
 *
 * @throws RequestRefused, WindowTooLarge or NoAnswer for any answer but a 200
 */
export async function ask(url: URL, key: string, accept: string): Promise<Answer> {
  const headers = { apiKey: key, accept, 'accept-encoding': Object.keys(DECODERS).join(', ') };
  const response = await send(url, headers);
  const { statusCode = 0, headers: received } = response;
  if (statusCode !== 200) throw errorOf(statusCode, received['retry-after'], await beginningOf(response));
  const encoding = received['content-encoding'] ?? 'identity';
  const decoder = DECODERS[encoding];
  if (decoder === undefined && encoding !== 'identity')
    throw new NoAnswer(`the answer has the unknown encoding ${encoding}`);
  return { headers: received, body: response, decoder: () => decoder?.() };
}

function send(url: URL, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new NoAnswer(reasonOf(cause), { cause }));
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open(url, { headers }, resolve);
    request.setTimeout(IDLE_MS, () => request.destroy(new Error(`nothing came for ${IDLE_MS / 1000} s`)));
    request.on('error', fail);
    request.end();
  });
}

/** `connect ECONNREFUSED 127.0.0.1:3000` rather than the empty message of an AggregateError. */
export const reasonOf = (error: Error): string =>
  error.message || (error as NodeJS.ErrnoException).code || error.name;

async function beginningOf(body: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk;
      if (text.length > ERROR_LIMIT) break;
    }
  } catch {
    // The status says enough.
  }
  return text;
}
