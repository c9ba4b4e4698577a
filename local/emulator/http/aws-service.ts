import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import { readBody } from './read-body.ts';

/** An error as AWS's JSON protocols carry it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly status: number;
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** One service behind the AWS endpoint. */
export interface AwsService {
  accepts(request: IncomingMessage): boolean;
  /** @throws AwsError for the caller; any other error is a fault */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** An operation: JSON in, JSON out. The signal aborts when the client has gone. */
export type Operation = (input: unknown, signal: AbortSignal) => Promise<object> | object;

/** Larger than AWS's own limits, because escaping makes JSON longer. Bytes. */
const REQUEST_LIMIT = 8 * 1024 * 1024;

/**
 * Checks an operation's input.
 *
 * @returns an operation that throws AwsError `ValidationException`, naming the wrong input
 */
export const operation =
  <Input>(
    schema: z.ZodMiniType<Input>,
    run: (input: Input, signal: AbortSignal) => Promise<object> | object,
  ): Operation =>
  (input, signal) => {
    const result = schema.safeParse(input);
    if (result.success) return run(result.data, signal);
    throw new AwsError(400, 'ValidationException', z.prettifyError(result.error));
  };

/** The operation a request names, as `<service>.<operation>`. */
export const targetOf = (request: IncomingMessage): string => String(request.headers['x-amz-target'] ?? '');

/**
 * A service with AWS's JSON protocol.
 *
 * @param name before the operation's name in `X-Amz-Target`
 */
export const jsonService = (name: string, operations: Readonly<Record<string, Operation>>): AwsService => ({
  accepts: (request) => targetOf(request).startsWith(`${name}.`),
  async handle(request, response) {
    const run = operations[targetOf(request).slice(name.length + 1)];
    if (run === undefined) throw unknownTarget(targetOf(request));
    const body = await readBody(request, REQUEST_LIMIT);
    if (body === undefined)
      throw new AwsError(413, 'RequestEntityTooLargeException', 'The request is too large.');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    sendJson(request, response, 200, await run(parseJson(body), gone.signal));
  },
});

export const unknownTarget = (target: string): AwsError =>
  new AwsError(
    400,
    'UnknownOperationException',
    target === ''
      ? 'This is the AWS endpoint of the local stack; a request names its operation in X-Amz-Target.'
      : `The local stack has no ${target}.`,
  );

/** Answers in the version of the protocol that the client speaks. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: object,
): void {
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.1';
  response.writeHead(status, { 'Content-Type': contentType }).end(JSON.stringify(body));
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError(400, 'SerializationException', 'The request is not JSON.');
  }
}
