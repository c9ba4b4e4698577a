import { once } from 'node:events';
import { get } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streamAnswer } from '../../../../local/emulator/api-gateway/stream-answer.ts';
import { type ListeningServer, listen } from '../../../../local/emulator/http/http-server.ts';
import type { FunctionPool } from '../../../../local/emulator/lambda/function-pool.ts';
import type { InvocationResponse } from '../../../../local/emulator/lambda/runtime-api.ts';

const quiet = { progress: () => {}, warn: () => {}, detail: () => {} };

let server: ListeningServer;
beforeAll(async () => {
  server = await listen(0);
});
afterAll(() => server.close());

test('a client that hangs up before the first byte is waited for no longer, and what comes for it is cut', async () => {
  const invoked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<InvocationResponse>();
  const invoke: FunctionPool['invoke'] = () => {
    invoked.resolve();
    return answered.promise;
  };
  const pool = { invoke } as FunctionPool;
  const given = Promise.withResolvers<unknown>();
  server.serve((_, response) => {
    const integration = { functionName: 'slow', pool, timeout: 60_000 };
    given.resolve(streamAnswer({}, integration, 'r1', response, quiet));
  });

  const client = get(server.url).on('error', () => {});
  await invoked.promise;
  client.destroy();
  expect(await given.promise).toBeUndefined();

  const body = new PassThrough();
  answered.resolve({ mode: 'streaming', contentType: 'text/plain', body });
  await once(body, 'close');
  expect(body.readableEnded).toBe(false);
});
