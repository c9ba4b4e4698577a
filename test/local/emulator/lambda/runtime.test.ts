import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { levelOf } from '../../../../local/emulator/lambda/function-log.ts';
import { type FunctionPool, functionPool } from '../../../../local/emulator/lambda/function-pool.ts';
import { startFunctionProcess } from '../../../../local/emulator/lambda/function-process.ts';
import { poolLimits } from '../../../../local/emulator/lambda/pool-limits.ts';
import type { InvocationResponse } from '../../../../local/emulator/lambda/runtime-api.ts';

const CODE = `
export const echo = async (event, context) => {
  if (event.throws) throw new RangeError('as ordered');
  if (event.sleeps) await new Promise((resolve) => setTimeout(resolve, event.sleeps));
  if (event.exits) process.exit(7);
  return { event, pid: process.pid, remaining: context.getRemainingTimeInMillis(), arn: context.invokedFunctionArn };
};
export const environment = async () => process.env;
export const stream = awslambda.streamifyResponse(async (event, raw) => {
  if (event.early) throw new Error('before the first byte');
  const out = awslambda.HttpResponseStream.from(raw, { statusCode: 201 });
  out.write('first');
  if (event.unread) out.write('x'.repeat(event.unread));
  if (event.throws) throw new RangeError('underway');
  out.end(' last');
});
`;
const METADATA = `{"statusCode":201}${'\0'.repeat(8)}`;

/** Guards the pinned aws-lambda-ric, whose native client is replaced by one in plain JavaScript. */
describe('a function under the Lambda runtime client', () => {
  let codeFolder: string;
  beforeAll(async () => {
    codeFolder = await mkdtemp(join(tmpdir(), 'function-'));
    await writeFile(join(codeFolder, 'index.mjs'), CODE);
    await writeFile(join(codeFolder, 'broken.mjs'), "throw new Error('cannot start');");
  });
  afterAll(() => rm(codeFolder, { recursive: true }));

  const pool = (handler: string, { limit = 2, timeout = 5000 } = {}): FunctionPool => {
    const fn = {
      name: 'fixture',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:fixture',
      codeFolder,
      handler,
      timeout,
      memory: 256,
      variables: { OWN: 'variable' },
      region: 'us-east-1',
      awsUrl: 'http://aws',
      storeUrl: 'http://store',
    };
    const made = functionPool(() => startFunctionProcess(fn, (output) => output.resume()), {
      ...poolLimits(),
      mayStart: (running) => running < limit,
    });
    onTestFinished(() => made.close());
    return made;
  };
  const value = (answer: InvocationResponse) =>
    answer.mode === 'buffered' ? JSON.parse(answer.payload) : expect.fail('it streams');
  const body = (answer: InvocationResponse): Promise<string> =>
    answer.mode === 'streaming' ? text(answer.body) : expect.fail('it does not stream');

  test('answers, again and again in one process', async () => {
    const fn = pool('index.echo');
    const first = value(await fn.invoke('{"grüße":"\\u0000"}'));
    expect(first).toMatchObject({ event: { grüße: '\0' }, arn: expect.stringContaining('function:fixture') });
    expect(first.remaining).toBeGreaterThan(3000);
    expect(first.remaining).toBeLessThanOrEqual(5000);
    const second = value(await fn.invoke('{}'));
    expect(second.pid).toBe(first.pid);
  });

  test('says what a handler threw, and lives on', async () => {
    const fn = pool('index.echo');
    const { pid } = value(await fn.invoke('{}'));
    await expect(fn.invoke('{"throws":true}')).rejects.toMatchObject({
      type: 'RangeError',
      message: 'as ordered',
    });
    expect(value(await fn.invoke('{}')).pid).toBe(pid);
  });

  test('streams metadata and payload', async () => {
    const fn = pool('index.stream');
    const answer = await fn.invoke('{}');
    expect(answer).toMatchObject({ contentType: 'application/vnd.awslambda.http-integration-response' });
    expect(await body(answer)).toBe(`${METADATA}first last`);
    expect(await body(await fn.invoke('{}'))).toBe(`${METADATA}first last`);
  });

  test.each([0, 150_000, 3_000_000])(
    'a stream whose reader has gone ends the invocation, with %i bytes unread, and the process lives on',
    async (unread) => {
      const fn = pool('index.stream', { limit: 1 });
      const answer = await fn.invoke(JSON.stringify({ unread }));
      const [pid] = fn.pids();
      if (answer.mode !== 'streaming') return expect.fail('it does not stream');
      // Once its first bytes are here, the rest of what fits between the function and its reader follows.
      await once(answer.body, 'readable');
      await new Promise((resolve) => setTimeout(resolve, 200));
      answer.body.destroy();
      expect(await body(await fn.invoke('{}'))).toBe(`${METADATA}first last`);
      expect(fn.pids()).toEqual([pid]);
    },
  );

  test.each([
    ['{"throws":true}', { type: 'RangeError', message: 'underway' }],
    ['{"early":true}', { type: 'Error', message: 'before the first byte' }],
  ])('a stream that fails (%s) ends with the error, and the process lives on', async (payload, error) => {
    const fn = pool('index.stream', { limit: 1 });
    await expect(fn.invoke(payload).then(body)).rejects.toMatchObject(error);
    const [pid] = fn.pids();
    expect(await body(await fn.invoke('{}'))).toBe(`${METADATA}first last`);
    expect(fn.pids()).toEqual([pid]);
  });

  test('says why it cannot start', async () => {
    await expect(pool('broken.handler').warm()).rejects.toThrow('cannot start');
    await expect(pool('index.nothing').invoke('{}')).rejects.toMatchObject({
      type: 'Runtime.HandlerNotFound',
    });
  });

  test('runs out of time, ends or is killed: the invocation fails and the next one gets a new process', async () => {
    const fn = pool('index.echo', { timeout: 500 });
    await expect(fn.invoke('{"sleeps":10000}')).rejects.toMatchObject({
      type: 'Sandbox.Timedout',
      message: 'Task timed out after 0.5 seconds',
    });
    await expect(fn.invoke('{"exits":true}')).rejects.toMatchObject({ type: 'Runtime.ExitError' });
    const { pid } = value(await fn.invoke('{}'));
    const underway = fn.invoke('{"sleeps":400}');
    await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill(pid, 'SIGKILL');
    await expect(underway).rejects.toThrow('SIGKILL');
    expect(value(await fn.invoke('{}')).pid).not.toBe(pid);
  });

  test('runs one invocation per process at a time, in no more processes than allowed', async () => {
    const fn = pool('index.echo', { limit: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => fn.invoke('{"sleeps":50}')));
    expect(new Set(answers.map((answer) => value(answer).pid)).size).toBe(2);
    expect(fn.pids()).toHaveLength(2);

    const busy = [fn.invoke('{"sleeps":300}'), fn.invoke('{"sleeps":300}')];
    const givenUp = new AbortController();
    const waiting = fn.invoke('{}', givenUp.signal);
    givenUp.abort(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    await Promise.all(busy);
  });

  test('sees what Lambda defines and its own variables, and nothing of the developer', async () => {
    vi.stubEnv('AWS_PROFILE', 'production');
    vi.stubEnv('AWS_SESSION_TOKEN', 'secret');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const variables = value(await pool('index.environment').invoke('{}'));
    expect(variables).toMatchObject({
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://aws',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://store',
      AWS_LAMBDA_FUNCTION_NAME: 'fixture',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      OWN: 'variable',
    });
    expect(variables).not.toHaveProperty('AWS_PROFILE');
    expect(variables).not.toHaveProperty('AWS_SESSION_TOKEN');
  });
});

test.each([
  ['{"level":"WARN","message":"x"}', 'WARN'],
  ['{"_aws":{},"Stored":1}', 'INFO'],
  ['2026-01-01T00:00:00.000Z\tid\tERROR\tInvoke Error', 'ERROR'],
  ['2026-01-01T00:00:00.000Z\tid\tINFO\thello', 'INFO'],
  ['Error: cannot start', 'ERROR'],
])('the level of %s is %s', (line, level) => {
  expect(levelOf(line)).toBe(level);
});
