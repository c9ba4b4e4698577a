import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AwsFixture, startAwsFixture } from '../../fixtures/aws-fixture.ts';

const OUTSIDE = 'arn:aws:lambda:eu-west-1:111122223333:function:outside';
const ELSEWHERE = 'arn:aws:lambda:eu-west-1:111122223333:function:elsewhere';

const events: unknown[] = [];
let stack: AwsFixture;
let client: LambdaClient;
beforeAll(async () => {
  const outside = async (event: unknown) => {
    events.push(event);
    if ((event as { fail?: boolean }).fail) throw new TypeError('as it was told');
    return (event as { answer?: unknown }).answer;
  };
  stack = await startAwsFixture({ functions: { [OUTSIDE]: outside } });
  client = new LambdaClient(stack.client);
});
afterAll(async () => {
  client.destroy();
  await stack.close();
});

const invoke = async (FunctionName: string, event: unknown, more: Partial<InvokeCommandInput> = {}) => {
  const Payload = typeof event === 'string' ? event : JSON.stringify(event);
  const answer = await client.send(new InvokeCommand({ FunctionName, Payload, ...more }));
  const text = answer.Payload?.transformToString();
  return { status: answer.StatusCode, failed: answer.FunctionError, payload: text ? JSON.parse(text) : text };
};

describe('a function of the template', () => {
  test('answers by its name, by its ARN, and with a qualifier', async () => {
    const arn = stack.outputs['ShoutArn'] ?? '';
    for (const name of ['shout', arn, `${arn}:live`, 'shout:live', '000000000000:function:shout']) {
      expect(await invoke(name, { text: 'ü' })).toEqual({
        status: 200,
        failed: undefined,
        payload: { shouted: 'Ü' },
      });
    }
  });

  test('that fails is a FunctionError', async () => {
    expect(await invoke('shout', { fail: 'on purpose' })).toEqual({
      status: 200,
      failed: 'Unhandled',
      payload: { errorType: 'RangeError', errorMessage: 'on purpose', trace: [] },
    });
  });
});

describe('a function outside the template', () => {
  test('is a handler in this process, by ARN', async () => {
    expect((await invoke(OUTSIDE, { answer: [1] })).payload).toEqual([1]);
    expect((await invoke(`${OUTSIDE}:live`, {})).payload).toBeNull();
    expect(await invoke(OUTSIDE, { fail: true })).toMatchObject({
      failed: 'Unhandled',
      payload: { errorType: 'TypeError', errorMessage: 'as it was told' },
    });
  });

  test('that nobody gave tells of what it is handed', async () => {
    const log = { event: { action: 'OPENED' }, label: { rid: 'r' } };
    expect(await invoke(ELSEWHERE, log)).toMatchObject({ status: 200, payload: null });
    expect(stack.lines.at(-1)).toBe(`Invoke ${ELSEWHERE}  text  OPENED`);
    await invoke(ELSEWHERE, { fileName: 'a.json', contentType: '', content: JSON.stringify(log) });
    expect(stack.lines.at(-1)).toBe(`Invoke ${ELSEWHERE}  file a.json  OPENED`);
  });
});

describe('an invocation', () => {
  test.each(['Event', 'DryRun'] as const)('of the type %s is refused by name', async (InvocationType) => {
    await expect(invoke(OUTSIDE, { event: 7 }, { InvocationType })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: `The local stack has no invocation type ${InvocationType}.`,
    });
    expect(events).not.toContainEqual({ event: 7 });
  });

  test('of no function, or without JSON, is an error of its client', async () => {
    await expect(invoke('shoot', {})).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: shoot',
    });
    await expect(invoke('shout', 'no json')).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
  });
});
