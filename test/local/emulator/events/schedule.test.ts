import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ruleType } from '../../../../local/emulator/events/resources.ts';
import { readRule } from '../../../../local/emulator/events/rules.ts';
import { type Schedule, startSchedules } from '../../../../local/emulator/events/schedule.ts';
import { SERVICES } from '../../../../local/emulator/services.ts';
import type { Template } from '../../../../local/emulator/template/assembly.ts';
import { deploy } from '../../../../local/emulator/template/deployment.ts';
import { startAwsFixture } from '../../fixtures/aws-fixture.ts';

const TYPES = SERVICES.flatMap(({ resourceTypes }) => resourceTypes);

const MINUTE = 60_000;

describe('schedules', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Schedules of these periods, and how often each has run. */
  const started = (periods: number[], minute?: number) => {
    const runs = periods.map(() => 0);
    const schedules = periods.map((period, index): Schedule => {
      const run = async () => {
        runs[index] = (runs[index] ?? 0) + 1;
      };
      return { period, run };
    });
    const { close } = startSchedules(schedules, minute);
    onTestFinished(close);
    return { runs, close };
  };

  test('run one period after the start, and then each period', () => {
    const { runs } = started([1, 3, 60, 1440]);
    vi.advanceTimersByTime(MINUTE - 1);
    expect(runs).toEqual([0, 0, 0, 0]);
    vi.advanceTimersByTime(1);
    expect(runs).toEqual([1, 0, 0, 0]);
    vi.advanceTimersByTime(5 * MINUTE);
    expect(runs).toEqual([6, 2, 0, 0]);
    vi.advanceTimersByTime(2 * 1440 * MINUTE - 6 * MINUTE);
    expect(runs).toEqual([2880, 960, 48, 2]);
  });

  test('run faster if a minute is shorter', () => {
    const { runs } = started([1, 2], 10);
    vi.advanceTimersByTime(40);
    expect(runs).toEqual([4, 2]);
  });

  test('run no more when closed, and close waits for what is running', async () => {
    const sent = Promise.withResolvers<void>();
    let runs = 0;
    const run = (): Promise<void> => {
      runs += 1;
      return sent.promise;
    };
    const { close } = startSchedules([{ period: 1, run }]);
    vi.advanceTimersByTime(2 * MINUTE);
    let closed = false;
    const closing = close().then(() => {
      closed = true;
    });
    vi.advanceTimersByTime(MINUTE);
    await vi.advanceTimersByTimeAsync(0);
    expect([runs, closed]).toEqual([2, false]);
    sent.resolve();
    await closing;
  });

  test('keep no process alive', () => {
    vi.useRealTimers();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    started([1]);
    expect(timers()).toBe(before);
  });
});

describe('a rule', () => {
  const PLACE = {
    stackName: 'S',
    region: 'us-east-1',
    accountId: '000000000000',
    awsUrl: '',
    gatewayUrl: '',
  };
  const TARGET = { arn: 'target', send: async () => {} };
  const read = (Properties: object) => {
    const Resources = { R: { Type: 'AWS::Events::Rule', Properties: { Targets: [], ...Properties } } };
    const [rule] = deploy({ Resources } as Template, TYPES, PLACE).all(ruleType);
    if (rule === undefined) throw new Error('the template has no rule');
    return readRule(rule, () => TARGET);
  };

  test.each([
    ['rate(1 minute)', 1],
    ['rate(5 minutes)', 5],
    ['rate(1 hour)', 60],
    ['rate(12 hours)', 720],
    ['rate(1 day)', 1440],
    ['rate(30 days)', 43_200],
  ])('%s is every %i minutes', (ScheduleExpression, period) => {
    expect(read({ ScheduleExpression })).toMatchObject({ trigger: { period }, enabled: true });
  });

  test.each([
    'cron(0 12 * * ? *)',
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(0 minutes)',
    'rate(1.5 hours)',
    'rate(30 seconds)',
    'rate(5minutes)',
    'at(2030-01-01T00:00:00)',
  ])('%s is refused by name', (ScheduleExpression) => {
    expect(() => read({ ScheduleExpression })).toThrow(
      `R.ScheduleExpression: ${ScheduleExpression} is unknown`,
    );
  });

  test.each([
    ['a schedule and a pattern', { ScheduleExpression: 'rate(1 day)', EventPattern: {} }],
    ['a schedule on a bus', { ScheduleExpression: 'rate(1 day)', EventBusName: 'bus' }],
    [
      'a schedule, a pattern and a bus',
      { ScheduleExpression: 'rate(1 day)', EventPattern: {}, EventBusName: 'bus' },
    ],
    ['a pattern on the default bus', { EventPattern: {} }],
    ['neither a schedule nor a pattern', {}],
  ])('with %s is refused by name', (_, properties) => {
    expect(() => read(properties)).toThrow('R: a rule on the local stack has');
  });
});

describe('scheduled rules of a template', () => {
  const QUEUE = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  const rule = (target: object, more: object = {}) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(2 minutes)',
      Targets: [{ Id: 'T', RetryPolicy: { MaximumRetryAttempts: 0 }, ...target }],
      ...more,
    },
  });
  /** Runs these rules, with minutes of a few milliseconds. */
  const start = async (rules: Record<string, object>) => {
    const stack = await startAwsFixture({
      scheduleMinute: 5,
      patchTemplate: ({ Resources, ...template }) =>
        ({ ...template, Resources: { ...Resources, ...rules } }) as Template,
    });
    onTestFinished(stack.close);
    const sqs = new SQSClient(stack.client);
    onTestFinished(() => sqs.destroy());
    /** The body of a queue's next message. */
    const next = async (name: string): Promise<string | undefined> => {
      const QueueUrl = stack.queues.get(name)?.options.url;
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
      return Messages?.[0]?.Body;
    };
    return { stack, next };
  };

  test('send their constant input to a queue, again and again', async () => {
    const Input = '{"resolve": 1.0}';
    const { next } = await start({ Every: rule({ Arn: QUEUE, Input }) });
    expect([await next('queue'), await next('queue'), await next('queue')]).toEqual([Input, Input, Input]);
  });

  test('send a scheduled event without one', async () => {
    const { next } = await start({ Every: rule({ Arn: QUEUE }, { Name: 'every' }) });
    expect(JSON.parse((await next('queue')) ?? '')).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'us-east-1',
      resources: ['arn:aws:events:us-east-1:000000000000:rule/every'],
      detail: {},
    });
  });

  test('send nothing while disabled', async () => {
    const { stack, next } = await start({
      Off: rule({ Arn: QUEUE }, { State: 'DISABLED' }),
      On: rule({ Arn: { 'Fn::GetAtt': ['Other', 'Arn'] } }),
    });
    await next('other');
    await next('other');
    expect(stack.queues.get('queue')?.counts().visible).toBe(0);
  });

  test('invoke a function with their input; a failure of it is named at the terminal', async () => {
    const Arn = { 'Fn::GetAtt': ['Shout', 'Arn'] };
    const { stack } = await start({ Every: rule({ Arn, Input: '{"fail":"as its input said"}' }) });
    await vi.waitFor(
      () => expect(stack.lines).toContain('[shout] an event of Every failed: as its input said'),
      20_000,
    );
  });

  test('send to the dead-letter queue what the queue does not take', async () => {
    const Input = JSON.stringify('x'.repeat(2000));
    const Small = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'small', MaximumMessageSize: 1024 } };
    const { next } = await start({
      Small,
      Every: rule({ Arn: { 'Fn::GetAtt': ['Small', 'Arn'] }, Input, DeadLetterConfig: { Arn: QUEUE } }),
    });
    expect(await next('queue')).toBe(Input);
  });

  test('need a target that is there', async () => {
    const nowhere = 'arn:aws:sqs:us-east-1:000000000000:nowhere';
    await expect(start({ Every: rule({ Arn: nowhere }) })).rejects.toThrow(
      `Every: the local stack has no target ${nowhere}`,
    );
  });
});
