import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import {
  announcement,
  attributesOf,
  forbidden,
  gone,
  NOW,
  newMessage,
  startProcess,
  success,
  unavailable,
} from '../../fixtures/deliver-process.ts';
import { received } from '../../fixtures/simulated-delivery.ts';

const HOUR = 3_600_000;

describe('a batch of announcements', () => {
  test('is delivered as the table holds it, never as the announcement says', async () => {
    const process = startProcess();
    expect(await process.handle(newMessage(announcement()))).toEqual([]);
    expect(process.delivered).toEqual([
      { id: 'player-20261121T090000000Z-the-id', timestamp: 1795251600000, json: '{"the":"log"}' },
    ]);
    expect(process.sent).toEqual([]);
  });

  test('is written as the settings say, with its id and when it was stored', async () => {
    const process = startProcess(undefined, (log) => Buffer.from(JSON.stringify(log)));
    await process.handle(newMessage(announcement()));
    const written = process.delivered.map(({ json }) => JSON.parse(json));
    expect(written).toEqual([expect.objectContaining({ id: 'the-id', createdAt: NOW })]);
  });

  test('loses what was never stored: it is forged', async () => {
    const process = startProcess();
    expect(await process.handle(newMessage(announcement('gone')))).toEqual([]);
    expect([process.delivered, process.sent, process.records]).toEqual([[], [], []]);
    expect(process.outcomes).toEqual(['missing']);
  });

  test.each([
    ['no JSON', 'not JSON'],
    ['another source', announcement('x', 'easysend.player')],
    ['no key', announcement('x', 'security-logs', {})],
  ])('has given up what is no announcement, with no attempt: %s', async (_, body) => {
    const process = startProcess();
    expect(await process.handle(newMessage(body))).toEqual([]);
    expect(process.sent).toMatchObject([{ QueueUrl: 'dead', MessageBody: body }]);
    expect(process.sent.map(attributesOf)).toEqual([
      { Reason: expect.stringContaining('announcement'), Attempts: '0', FirstFailedAt: String(NOW) },
    ]);
  });

  test('has what the service refused in the dead-letter queue at once, with the reason', async () => {
    const process = startProcess();
    process.answers(gone);
    expect(await process.handle(newMessage(announcement()))).toEqual([]);
    expect(process.sent).toMatchObject([{ QueueUrl: 'dead', MessageBody: announcement() }]);
    expect(process.sent.map(attributesOf)).toEqual([
      { Reason: 'the service answered 410', Attempts: '1', FirstFailedAt: String(NOW) },
    ]);
  });
});

describe('a log that could not be delivered', () => {
  test('goes to the retry queue as a new message, and the old one is done', async () => {
    const process = startProcess();
    process.answers(unavailable);
    expect(await process.handle(newMessage(announcement()))).toEqual([]);
    expect(process.sent).toMatchObject([
      { QueueUrl: 'retries', MessageBody: announcement(), DelaySeconds: 5 },
    ]);
    expect(process.sent.map(attributesOf)).toEqual([
      {
        Attempts: '1',
        Denials: '0',
        FirstFailedAt: String(NOW),
        Reason: 'the service answered 503',
        NotBefore: String(NOW + 5_000),
        RequeuedAt: String(NOW),
        ExpiresAt: String(NOW + 48 * HOUR),
      },
    ]);
  });

  test('waits longer each time, as its message remembers, whoever receives it', async () => {
    const clock = { time: NOW };
    const delays: Array<number | undefined> = [];
    let message = newMessage(announcement());
    for (let i = 0; i < 10; i++) {
      const process = startProcess(clock);
      process.answers(unavailable);
      await process.handle(message);
      delays.push(process.sent[0]?.DelaySeconds);
      message = process.sentLast();
    }
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  test('stays in its queue if it can be put into no other', async () => {
    for (const outcome of [unavailable, gone]) {
      const process = startProcess();
      process.answers(outcome);
      process.breakQueue();
      const left = await process.handle(newMessage(announcement()), newMessage('no JSON', 'n'));
      expect(left.sort()).toEqual(['m', 'n']);
      expect(process.leftInQueue).toEqual(['InternalError', 'InternalError']);
    }
  });

  test('counts its attempts itself: receipts, as of invocations that were throttled, do not count', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement(), 'm', 99));
    expect(process.sent.map(attributesOf)).toMatchObject([{ Attempts: '1' }]);
  });

  test('is not tried before the service wants it, longer than SQS can delay it', async () => {
    const process = startProcess();
    process.answers({ ...unavailable, afterMs: HOUR });
    await process.handle(newMessage(announcement()));
    process.answers(success);
    for (let i = 0; i < 4; i++) {
      expect(process.sent.at(-1)?.DelaySeconds).toBe(900);
      expect(process.delivered.length).toBe(1);
      await process.handle(process.sentLast());
    }
    expect(process.sent.at(-1)?.DelaySeconds).toBe(5);
    expect(process.sent.map(attributesOf).map(({ Attempts }) => Attempts)).toEqual(Array(5).fill('1'));
    await process.handle(process.sentLast());
    expect(process.delivered.length).toBe(2);
  });

  test('has a last attempt when its patience ends, however long the service wants it to wait', async () => {
    const process = startProcess();
    process.answers({ ...unavailable, afterMs: Number.POSITIVE_INFINITY });
    await process.handle(newMessage(announcement()));
    while (process.sent.at(-1)?.QueueUrl === 'retries') await process.handle(process.sentLast());
    expect(process.sent.map(attributesOf).at(-1)).toEqual({
      Reason: 'the service answered 503',
      Attempts: '2',
      FirstFailedAt: String(NOW),
    });
  });

  test('begins anew when somebody has put it back, from a dead-letter queue say', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    const input = process.sent[0] as SendMessageCommandInput;
    process.later(30 * HOUR);
    await process.handle(received(input, NOW + 30 * HOUR));
    expect(process.sent.map(attributesOf)[1]).toMatchObject({
      Attempts: '1',
      FirstFailedAt: String(NOW + 30 * HOUR),
    });

    process.answers(gone);
    await process.handle(newMessage(announcement()));
    const deadLetter = process.sent.at(-1) as SendMessageCommandInput;
    process.answers(unavailable);
    await process.handle(received(deadLetter, NOW + 30 * HOUR));
    expect(process.sent.map(attributesOf).at(-1)).toMatchObject({ Attempts: '1' });
  });

  test.each(['x', '', 'NaN', '1e999'])('begins anew when its attributes are not ours: %j', async (value) => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    const message = process.sentLast();
    await process.handle({ ...message, attributes: { ...message.attributes, Attempts: value } });
    expect(process.sent.map(attributesOf)[1]).toMatchObject({ Attempts: '1' });
  });

  test('that the service denies is tried five times, and no more', async () => {
    const process = startProcess();
    process.answers(forbidden);
    await process.handle(newMessage(announcement()));
    while (process.sent.at(-1)?.QueueUrl === 'retries') await process.handle(process.sentLast());
    expect(process.delivered.length).toBe(5);
    expect(process.sent.map(attributesOf).at(-1)).toMatchObject({
      Reason: 'the service answered 403',
      Attempts: '5',
    });
  });

  test('that the service denies after an outage is tried as often as any other', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    for (let i = 0; i < 20; i++) await process.handle(process.sentLast());
    const tried = process.delivered.length;
    process.answers(forbidden);
    while (process.sent.at(-1)?.QueueUrl === 'retries') await process.handle(process.sentLast());
    expect(process.delivered.length - tried).toBe(5);
  });
});
