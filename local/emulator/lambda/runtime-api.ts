import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { listen } from '../http/http-server.ts';
import { FunctionError, readFunctionError } from './function-error.ts';

/**
 * The Lambda Runtime API of one function process.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, with streaming as in
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
 */

const PREFIX = '/2018-06-01/runtime';
const RESPONSE_MODE = 'lambda-runtime-function-response-mode';
const ERROR_TYPE_TRAILER = 'lambda-runtime-function-error-type';
const ERROR_BODY_TRAILER = 'lambda-runtime-function-error-body';

export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  readonly functionArn: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** A function's answer. The body of a stream ends with an error if the function failed while streaming. */
export type InvocationResponse =
  | { readonly mode: 'buffered'; readonly payload: string }
  | { readonly mode: 'streaming'; readonly contentType: string; readonly body: Readable };

export async function startRuntimeApi() {
  let asked: ServerResponse | undefined;
  let idle = Promise.withResolvers<void>();
  let answer: PromiseWithResolvers<InvocationResponse> | undefined;
  let streamed: Readable | undefined;

  const fail = (error: FunctionError): void => {
    // Nobody may be waiting when a function process ends.
    idle.promise.catch(() => {});
    idle.reject(error);
    answer?.reject(error);
    streamed?.destroy(error);
  };

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | void> =
    {
      'GET /invocation/next': (_, response) => {
        asked = response;
        // After a failing stream the runtime client asks on another connection, maybe before the answer has come.
        const done = (): void => idle.resolve();
        if (answer === undefined) done();
        else void answer.promise.then(done, done);
      },
      'POST /invocation/{id}/response': async (request, response) => {
        if (request.headers[RESPONSE_MODE] === 'streaming') {
          streamed = failingByTrailers(request);
          request.once('end', () => accept(response));
          const contentType = request.headers['content-type'] ?? 'application/octet-stream';
          answer?.resolve({ mode: 'streaming', contentType, body: streamed });
        } else {
          answer?.resolve({ mode: 'buffered', payload: await text(request) });
          accept(response);
        }
      },
      'POST /invocation/{id}/error': async (request, response) => {
        answer?.reject(readFunctionError(await text(request)));
        accept(response);
      },
      'POST /init/error': async (request, response) => {
        fail(readFunctionError(await text(request)));
        accept(response);
      },
    };

  const { server, url, serve, close } = await listen(0);
  // The function keeps its connections for as long as it lives.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  serve(async (request, response) => {
    const path = (request.url ?? '')
      .slice(PREFIX.length)
      .replace(/^\/invocation\/[^/]+\//, '/invocation/{id}/');
    const route = routes[`${request.method} ${path}`];
    if (route === undefined) return response.writeHead(404).end();
    try {
      await route(request, response);
    } catch {
      // The function process ended while it posted. Waiting callers learn it from the process.
      response.destroy();
    }
  });

  return {
    /** For `AWS_LAMBDA_RUNTIME_API`. */
    address: new URL(url).host,
    /**
     * Waits until the function asks for an invocation: it has started, or is done with the one before.
     *
     * @throws FunctionError if it could not start, or has ended
     */
    idle: (): Promise<void> => idle.promise,
    /**
     * Hands an invocation to a function that is idle. The answer may still be streaming when this returns; the
     * invocation lasts until the function is idle again.
     *
     * @throws FunctionError if the handler failed, or `fail` was called
     */
    invoke(invocation: Invocation): Promise<InvocationResponse> {
      if (asked === undefined) throw new Error('the function is not idle');
      asked.writeHead(200, invocationHeaders(invocation)).end(invocation.payload);
      asked = undefined;
      streamed = undefined;
      idle = Promise.withResolvers();
      answer = Promise.withResolvers();
      return answer.promise;
    },
    /** Fails the running invocation: the function has crashed or run out of time. */
    fail,
    close,
  };
}

const invocationHeaders = ({ requestId, functionArn, deadline }: Invocation): OutgoingHttpHeaders => ({
  'Content-Type': 'application/json',
  'Lambda-Runtime-Aws-Request-Id': requestId,
  'Lambda-Runtime-Deadline-Ms': String(deadline),
  'Lambda-Runtime-Invoked-Function-Arn': functionArn,
  'Lambda-Runtime-Trace-Id': `Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll('-', '').slice(8)};Sampled=0`,
});

const accept = (response: ServerResponse): void => {
  response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
};

/** The body of a request; its trailers say whether the function failed underway. */
function failingByTrailers(request: IncomingMessage): Readable {
  const body = new Transform({
    transform: (chunk, _, callback) => callback(null, chunk),
    flush(callback) {
      const type = request.trailers[ERROR_TYPE_TRAILER];
      if (type === undefined) return callback();
      const error = Buffer.from(String(request.trailers[ERROR_BODY_TRAILER] ?? ''), 'base64').toString();
      callback(error === '' ? new FunctionError(String(type), 'failed underway') : readFunctionError(error));
    },
  });
  // Its reader, once there is one, gets the error as well.
  body.on('error', () => {});
  const { socket } = request;
  return pipeline(request, body, () => {
    // The reader has gone. Cutting the connection tells the function, which would otherwise wait for an answer.
    if (!request.readableEnded) socket.destroy();
  });
}
