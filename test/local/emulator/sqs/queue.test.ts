import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../../../local/emulator/sqs/journal.ts';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import {
  IN_FLIGHT_LIMIT,
  OverLimit,
  type Queue,
  type QueueOptions,
  queue,
} from '../../../../local/emulator/sqs/queue.ts';

const DAY = 24 * 3600 * 1000;
const options = (changes: Partial<QueueOptions> = {}): QueueOptions => ({
  name: 'queue',
  arn: 'arn:queue',
  url: 'http://queue',
  visibilityTimeout: 60,
  retention: DAY,
  delay: 0,
  maximumMessageSize: 1000,
  ...changes,
});
const bodies = (messages: readonly { body: string }[]): string[] => messages.map(({ body }) => body);
const send = (to: Queue, ...texts: string[]): Promise<void> => to.send(texts.map((text) => newMessage(text)));

describe('a queue', () => {
  test('hides what is received until it is deleted or its visibility timeout has passed', async () => {
    const q = queue(options());
    await send(q, 'a', 'b');
    const [a, b] = await q.receive(10, 0);
    expect(await q.receive(10, 0)).toEqual([]);
    expect(q.counts()).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
    await q.delete([a?.receiptHandle ?? '']);

    const [again] = await q.receive(10, 2000);
    expect(again).toMatchObject({
      id: b?.id,
      body: 'b',
      receiveCount: 2,
      firstReceivedAt: b?.firstReceivedAt,
    });
    await q.delete([b?.receiptHandle ?? '']);
    expect(q.counts().inFlight).toBe(1);
  });

  test('waits for the first message, and stops waiting when told', async () => {
    const q = queue(options());
    const waiting = q.receive(10, 5000);
    await send(q, 'a');
    expect(bodies(await waiting)).toEqual(['a']);

    const stop = new AbortController();
    const stopped = q.receive(10, 60_000, stop.signal);
    stop.abort();
    expect(await stopped).toEqual([]);
    await send(q, 'b');
    expect(q.counts().visible).toBe(1);
  });

  test('a shorter visibility is kept beside a longer one, and can be changed', async () => {
    const q = queue(options({ visibilityTimeout: DAY }));
    await send(q, 'long', 'short', 'changed');
    await q.receive(1, 0);
    await q.receive(1, 0, undefined, 30);
    const [changed] = await q.receive(1, 0);
    expect(bodies(await q.receive(10, 2000))).toEqual(['short']);
    expect(q.changeVisibility(changed?.receiptHandle ?? '', 0)).toBe(true);
    expect(bodies(await q.receive(10, 2000))).toEqual(['changed']);
    expect(q.changeVisibility('no handle', 0)).toBe(false);
  });

  test('gives a message up after its receives, with what is known of it', async () => {
    const deadLetters = queue(options({ name: 'dead' }));
    const q = queue(options({ visibilityTimeout: 20, redrive: { deadLetters, maxReceiveCount: 2 } }));
    await send(q, 'poison');
    const [first] = await q.receive(1, 0);
    await q.receive(1, 2000);
    const [dead] = await deadLetters.receive(1, 2000);
    expect(dead).toMatchObject({ id: first?.id, sentAt: first?.sentAt, deadLetterSource: 'arn:queue' });
    expect(q.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('delays, forgets after its retention, and refuses what is too large', async () => {
    const q = queue(options({ delay: 40, retention: 200 }));
    await send(q, 'a');
    expect(q.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    expect(bodies(await q.receive(1, 2000, undefined, 0))).toEqual(['a']);
    await sleep(250);
    expect(await q.receive(1, 0)).toEqual([]);
    await expect(send(q, 'x'.repeat(1001))).rejects.toThrow('1001 bytes; queue takes 1000');
  });

  describe('with as many messages in flight as SQS allows', () => {
    test('gives no more to a long poll, without a word, until one is deleted or comes back', async () => {
      const q = queue(options({ inFlightLimit: 3 }));
      await send(q, 'a', 'b', 'c', 'd');
      const first = await q.receive(2, 1000, undefined, DAY);
      expect(bodies(await q.receive(10, 1000, undefined, DAY))).toEqual(['c']);
      expect(await q.receive(10, 30)).toEqual([]);

      const waiting = q.receive(10, 60_000, undefined, DAY);
      await q.delete([first[0]?.receiptHandle ?? '']);
      expect(bodies(await waiting)).toEqual(['d']);
      await send(q, 'e');
      q.changeVisibility(first[1]?.receiptHandle ?? '', 0);
      expect(bodies(await q.receive(1, 60_000))).toEqual(['e']);
    });

    test('refuses a short poll by name', async () => {
      const q = queue(options({ inFlightLimit: 1 }));
      await send(q, 'a', 'b');
      expect(bodies(await q.receive(10, 0))).toEqual(['a']);
      await expect(q.receive(10, 0)).rejects.toThrow(OverLimit);
    });

    test('takes what is sent, and does not count what is delayed', async () => {
      const q = queue(options({ inFlightLimit: 1 }));
      await send(q, 'a');
      await q.receive(1, 0);
      await q.send([newMessage('b')], DAY);
      await send(q, 'c');
      expect(q.counts()).toEqual({ visible: 1, inFlight: 1, delayed: 1 });
    });

    test('allows what SQS allows, if no other limit is set', () => {
      expect(IN_FLIGHT_LIMIT).toBe(120_000);
    });
  });

  test('passes a hundred thousand messages through in seconds, not in hours', {
    timeout: 120_000,
  }, async () => {
    const q = queue(options({ visibilityTimeout: DAY }));
    const COUNT = 100_000;
    await q.send(Array.from({ length: COUNT }, (_, i) => newMessage(String(i))));
    const seen = new Set<string>();
    while (seen.size < COUNT) {
      const batch = await q.receive(10, 0);
      for (const { body } of batch) seen.add(body);
      await q.delete(batch.map(({ receiptHandle }) => receiptHandle));
    }
  });
});

describe('a journal', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = async (): Promise<Queue> => {
    const { journal, kept } = await openJournal(join(folder, 'queues', 'q.sqlite'));
    return queue(options({ journal }), kept);
  };

  test('keeps what was sent and not deleted, in its order, whether or not it was received', async () => {
    const before = await open();
    await send(before, 'a', 'b', 'c');
    await send(before, 'd');
    const received = await before.receive(2, 0);
    await before.delete([received[0]?.receiptHandle ?? '']);
    await before.close();

    const after = await open();
    const left = await after.receive(10, 0);
    expect(bodies(left)).toEqual(['b', 'c', 'd']);
    await after.delete(left.map(({ receiptHandle }) => receiptHandle));
    await after.close();
    const empty = await open();
    expect(empty.counts().visible).toBe(0);
    await empty.close();
  });

  test('has a message when its sending returns', async () => {
    const file = join(folder, 'q.sqlite');
    const { journal } = await openJournal(file);
    await Promise.all([journal.sent([newMessage('a')]), journal.sent([newMessage('b')])]);
    const { journal: again, kept } = await openJournal(file);
    expect(bodies(kept)).toEqual(['a', 'b']);
    await journal.close();
    await again.close();
  });
});
