import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newMessage } from '../../local/emulator/sqs/message.ts';
import { readRedriveOptions } from '../../tools/redrive/options.ts';
import { redrivePlan } from '../../tools/redrive/plan.ts';
import { outcomeLine, progressDisplay, progressLine } from '../../tools/redrive/progress.ts';
import { type AwsFixture, startAwsFixture } from '../local/fixtures/aws-fixture.ts';
import { emptyQueues } from '../local/fixtures/empty-queues.ts';
import { launch } from '../local/fixtures/processes.ts';

describe('npm run redrive', () => {
  let stack: AwsFixture;
  beforeAll(async () => {
    stack = await startAwsFixture();
  });
  afterEach(() => emptyQueues(stack));
  afterAll(() => stack.close());

  const run = async (...args: string[]) => {
    const redrive = launch(['tools/redrive.ts', ...args, '--endpoint-url', stack.awsUrl]);
    return { status: await redrive.ended(), output: redrive.output() };
  };
  const fill = (name: string, count: number) =>
    stack.queues.get(name)?.send(Array.from({ length: count }, (_, i) => newMessage(String(i))));
  const visible = (name: string) => stack.queues.get(name)?.counts().visible;

  test('moves what was given up, or sent there, back to the queue', async () => {
    await fill('dead', 1200);
    const { status, output } = await run('dead');
    expect(output).toMatch(/^moving 1,200 messages from dead to queue\n/);
    expect(output).toMatch(/\nmoved 1,200 messages to queue\n$/);
    expect(status).toBe(0);
    expect(['dead', 'queue'].map(visible)).toEqual([0, 1200]);
  });

  test('moves to another queue, both named by their URLs', async () => {
    await fill('dead', 1);
    const url = (name: string) => stack.queues.get(name)?.options.url ?? '';
    const { status, output } = await run(url('dead'), '--to', url('other'));
    expect([status, output]).toEqual([0, expect.stringContaining('moved 1 message to other')]);
    expect(visible('other')).toBe(1);
  });

  test('says that a queue is empty', async () => {
    expect(await run('dead')).toEqual({ status: 0, output: 'dead is empty: there is nothing to move\n' });
  });

  test('lists the queues there are where there is none of that name', async () => {
    const names = 'dead\n  queue\n  other';
    for (const args of [['deed'], [`${stack.awsUrl}/000000000000/deed`], ['dead', '--to', 'deed']]) {
      const { status, output } = await run(...args);
      expect([status, output]).toEqual([1, expect.stringContaining(`deed; there are:\n  ${names}`)]);
    }
  });

  test('moves nothing out of a queue that takes no given-up messages', async () => {
    await fill('other', 1);
    const { status, output } = await run('other');
    expect([status, output]).toEqual([1, expect.stringContaining('other is not the dead-letter queue')]);
    expect(visible('other')).toBe(1);
  });

  test('explains its use, and what it does not understand', async () => {
    const help = await run('--help');
    expect([help.status, help.output]).toEqual([0, expect.stringMatching(/^Usage: npm run redrive/)]);
    const wrong = await run();
    expect([wrong.status, wrong.output]).toEqual([2, expect.stringMatching(/^which queue .*\n\nUsage:/)]);
  });
});

describe('a redrive', () => {
  test.each<[string[], string]>([
    [['a', 'b'], 'one queue at a time; also given: b'],
    [['a', '--endpoint-url', 'nowhere'], '--endpoint-url is "nowhere"'],
    [['a', '--too', 'b'], '--too'],
  ])('of %j is wrong usage', (args, message) => {
    expect(() => readRedriveOptions(args)).toThrow(message);
  });

  const queue = (name: string) => ({
    name,
    url: name,
    arn: `arn:${name}`,
    messages: 1,
    all: 1,
    deadLetters: undefined,
  });
  const dead = queue('dead');

  test('names the one queue that messages come from, and of several none', () => {
    expect(redrivePlan(dead, [queue('a')], undefined).to?.name).toBe('a');
    expect(redrivePlan(dead, [queue('a'), queue('b')], undefined).to).toBeUndefined();
    expect(redrivePlan(dead, [queue('a')], queue('b')).to?.name).toBe('b');
    expect(() => redrivePlan(dead, [queue('a')], dead)).toThrow('in dead already');
  });

  const task = { status: 'RUNNING', moved: 30, toMove: 4000, failure: undefined };

  test('tells how far it has come, and how it ended', () => {
    expect(progressLine(task)).toBe('30 of 4,000 moved (0 %)');
    expect(progressLine({ ...task, moved: 3999 })).toBe('3,999 of 4,000 moved (99 %)');
    expect(progressLine({ ...task, toMove: 0 })).toBe('30 of 30 moved');
    expect(outcomeLine({ ...task, status: 'COMPLETED', moved: 1 }, 'q')).toBe('moved 1 message to q');
    const failed = { ...task, status: 'FAILED', failure: 'CouldNotDetermineMessageSource' };
    expect(() => outcomeLine(failed, 'q')).toThrow(
      'the moving was failed (CouldNotDetermineMessageSource): 30 of 4,000 moved (0 %)',
    );
  });

  test.each([
    [true, '\rlong line\rline     \n'],
    [false, 'long line\nline\n'],
  ])('shows it in place if on a terminal (%s)', (isTTY, expected) => {
    const written: string[] = [];
    const out = { isTTY, write: (text: string) => written.push(text) };
    const display = progressDisplay(out);
    for (const line of ['long line', 'long line', 'line']) display.show(line);
    display.end();
    expect(written.join('')).toBe(expected);
  });
});
