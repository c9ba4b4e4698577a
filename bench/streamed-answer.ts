import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Cap, ThrottledReader } from './throttled-reader.ts';

/** Calls a function that streams its answer, as the Lambda runtime does. To be imported before the function's handler. */

export interface StreamedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

interface Metadata {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

let onMetadata: (metadata: Metadata) => void = () => {};

Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: unknown) => handler,
    HttpResponseStream: {
      from(stream: Writable, metadata: Metadata) {
        onMetadata(metadata);
        return stream;
      },
    },
  },
});

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly cap?: Cap | undefined;
  /** Is called when the headers are known. */
  readonly onHeaders?: () => void;
}

/** @throws Error if the answer is not 200 */
export async function streamedAnswer(handler: unknown, options: RequestOptions): Promise<StreamedAnswer> {
  const invoke = handler as (event: object, stream: Writable, context: object) => Promise<void>;
  let answered: Metadata | undefined;
  onMetadata = (metadata) => {
    answered = metadata;
    options.onHeaders?.();
  };
  const event = {
    httpMethod: 'GET',
    headers: { apiKey: 'bench', ...options.headers },
    multiValueQueryStringParameters: Object.fromEntries(
      Object.entries(options.parameters).map(([name, value]) => [name, [value]]),
    ),
    requestContext: {
      requestTimeEpoch: Date.now(),
      identity: { sourceIp: '127.0.0.1' },
      domainName: 'bench.example',
      path: '/',
    },
  };
  const reader = new ThrottledReader(options.cap);
  const read = finished(reader);
  await invoke(event, reader, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 60_000 });
  await read;
  if (answered?.statusCode !== 200) throw new Error(`the function answered ${answered?.statusCode}`);
  return { headers: answered.headers, bytes: reader.bytes };
}
