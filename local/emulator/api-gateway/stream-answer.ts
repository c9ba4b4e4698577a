import type { ServerResponse } from 'node:http';
import { addAbortSignal, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FunctionPool } from '../lambda/function-pool.ts';
import type { Log } from '../log.ts';
import type { GatewayResponseType } from './gateway-responses.ts';
import { readHttpIntegrationResponse } from './http-integration-response.ts';

export interface Integration {
  readonly functionName: string;
  readonly pool: FunctionPool;
  /** Milliseconds until the end of the answer. */
  readonly timeout: number;
}

/**
 * Streams a function's answer to a client. After the first byte a failure cuts the connection, so that the answer
 * never looks complete. A client that hangs up cuts the function's stream, which ends its work. Before the first byte
 * there is no stream to cut: as in Lambda, the function works on until it answers.
 *
 * @returns what the gateway has to answer instead, if the function failed before its first byte
 */
export async function streamAnswer(
  event: object,
  { functionName, pool, timeout }: Integration,
  requestId: string,
  response: ServerResponse,
  log: Log,
): Promise<GatewayResponseType | undefined> {
  const client = new AbortController();
  response.once('close', () => client.abort());
  if (response.closed) client.abort();
  const time = AbortSignal.timeout(timeout);
  const stop = AbortSignal.any([client.signal, time]);
  let body: Readable | undefined;
  try {
    body = addAbortSignal(stop, await firstByte(pool, JSON.stringify(event), stop));
    const { metadata, payload } = await readHttpIntegrationResponse(body);
    response.writeHead(metadata.statusCode, [...metadata.headers, ['x-amzn-RequestId', requestId]]);
    response.flushHeaders();
    await pipeline(payload, response, { signal: stop });
  } catch (error) {
    body?.destroy();
    if (client.signal.aborted) return;
    const outcome = response.headersSent ? 'was cut' : 'failed';
    log.warn(`[${functionName}] the answer to request ${requestId} ${outcome}: ${(error as Error).message}`);
    if (!response.headersSent) return time.aborted ? 'INTEGRATION_TIMEOUT' : 'DEFAULT_5XX';
    response.destroy();
  }
}

/**
 * Waits until the function begins to answer.
 *
 * @throws FunctionError if it fails; the signal's reason if it takes too long, or the client has gone
 */
async function firstByte(pool: FunctionPool, payload: string, stop: AbortSignal): Promise<Readable> {
  const stopped = Promise.withResolvers<never>();
  const onStop = (): void => stopped.reject(stop.reason);
  stop.addEventListener('abort', onStop, { once: true });
  const invocation = pool.invoke(payload, stop);
  try {
    const answer = await Promise.race([invocation, stopped.promise]);
    if (answer.mode === 'streaming') return answer.body;
    throw new Error('the function does not stream');
  } catch (error) {
    // Nobody will read an answer that comes too late.
    invocation.then(
      (late) => late.mode === 'streaming' && late.body.destroy(),
      () => {},
    );
    throw error;
  } finally {
    stop.removeEventListener('abort', onStop);
  }
}
