import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import {
  announcement,
  gone,
  LIFETIME,
  NOW,
  newMessage,
  startProcess,
  success,
  unavailable,
} from '../../fixtures/deliver-process.ts';
import { received } from '../../fixtures/simulated-delivery.ts';

describe('a log that another message has delivered', () => {
  test('is not tried again by a message that failed before: not by one that waits, nor by a dead letter', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    const waiting = process.sentLast();
    process.answers(success);
    await process.handle(newMessage(announcement(), 'replay'));
    const attempts = process.delivered.length;
    expect(await process.handle(waiting)).toEqual([]);
    const { RequeuedAt: _, ...ofDeadLetters } = waiting.attributes;
    expect(await process.handle({ ...waiting, attributes: ofDeadLetters })).toEqual([]);
    expect(process.delivered).toHaveLength(attempts);
    expect(process.outcomes.slice(-2)).toEqual(['overtaken', 'overtaken']);
    expect(process.records).toHaveLength(2);
  });

  test('is tried until it is delivered again, if it is replayed later', async () => {
    const process = startProcess();
    await process.handle(newMessage(announcement()));
    process.later(60_000);
    process.answers(unavailable);
    await process.handle(newMessage(announcement(), 'replay'));
    process.answers(success);
    await process.handle(process.sentLast());
    expect(process.outcomes).toEqual(['delivered', 'failed', 'delivered']);
    expect(process.delivered).toHaveLength(3);
  });
});

describe('what is recorded of a delivery', () => {
  test('is one record for each attempt, with its outcome, its number and its times', async () => {
    const process = startProcess();
    process.answers({ ...unavailable, status: 503 });
    await process.handle(newMessage(announcement()));
    process.answers({ ...success, status: 204 });
    await process.handle(process.sentLast());
    expect(process.records).toEqual([
      {
        state: 'waiting',
        attempts: 1,
        at: NOW,
        durationMs: 0,
        status: 503,
        reason: 'the service answered 503',
        firstFailedAt: NOW,
        nextAttemptAt: NOW + 5_000,
      },
      { state: 'delivered', attempts: 2, at: NOW + 5_000, durationMs: 0, status: 204, firstFailedAt: NOW },
    ]);
  });

  test('says that a log was given up', async () => {
    const process = startProcess();
    process.answers(gone);
    await process.handle(newMessage(announcement()));
    expect(process.records).toMatchObject([
      { state: 'failed', attempts: 1, reason: 'the service answered 410' },
    ]);
  });

  test('names the fault that kept a log from being tried', async () => {
    const process = startProcess();
    process.answers(new Error('with a secret'));
    await process.handle(newMessage(announcement()));
    expect(process.records).toMatchObject([{ state: 'waiting', attempts: 1, reason: 'unexpected: Error' }]);
  });

  test('is written once of a log that waits without an attempt, and not again while the service is spared', async () => {
    const process = startProcess();
    process.answers(unavailable);
    // Five failures in a row open the circuit breaker.
    for (const id of ['a', 'b', 'c', 'd', 'e']) await process.handle(newMessage(announcement(id)));
    expect(process.records).toHaveLength(5);
    await process.handle(newMessage(announcement('spared')));
    expect(process.records.slice(5)).toEqual([
      {
        state: 'waiting',
        attempts: 0,
        at: NOW,
        reason: 'not tried: the service has failed several times in a row',
        firstFailedAt: NOW,
        nextAttemptAt: expect.any(Number),
      },
    ]);
    const { attributes, ...message } = received(process.sent[5] as SendMessageCommandInput, NOW);
    await process.handle({ ...message, attributes: { ...attributes, NotBefore: '0' } });
    expect(process.outcomes.slice(5)).toEqual(['postponed', 'postponed']);
    expect(process.records).toHaveLength(6);
  });

  test('neither fails nor repeats a delivery where it cannot be written', async () => {
    const process = startProcess();
    process.breakRecords();
    expect(await process.handle(newMessage(announcement()))).toEqual([]);
    expect([process.delivered.length, process.sent]).toEqual([1, []]);
    process.answers(unavailable);
    expect(await process.handle(newMessage(announcement('other')))).toEqual([]);
    expect(process.sent).toMatchObject([{ QueueUrl: 'retries' }]);
    expect(process.notRecorded).toEqual(['InternalError', 'InternalError']);
  });
});

describe('a log whose lifetime ends while it waits', () => {
  test('is recorded as expired, with its attempts and its last failure, and is not delivered', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    const message = process.sentLast();
    process.later(LIFETIME);
    process.answers(success);
    expect(await process.handle(message)).toEqual([]);
    expect([process.delivered.length, process.sent.length]).toEqual([1, 1]);
    expect(process.outcomes).toEqual(['failed', 'expired']);
    expect(process.records[1]).toEqual({
      state: 'expired',
      attempts: 1,
      at: NOW + 5_000 + LIFETIME,
      reason: 'the service answered 503',
      firstFailedAt: NOW,
    });
  });

  test('is recorded as expired also while the service wants it to wait for longer', async () => {
    const process = startProcess();
    process.answers({ ...unavailable, afterMs: 20 * 3_600_000 });
    await process.handle(newMessage(announcement()));
    const sent = process.sentLast();
    const message = { ...sent, attributes: { ...sent.attributes, NotBefore: String(NOW + 2 * LIFETIME) } };
    await process.handle(message);
    expect(process.outcomes).toEqual(['failed', 'not due']);
    process.later(LIFETIME);
    expect(await process.handle(message)).toEqual([]);
    expect(process.outcomes.at(-1)).toBe('expired');
    expect(process.records.at(-1)).toMatchObject({ state: 'expired' });
  });

  test('is recorded as expired while the service is spared, too, and if the table has lost it', async () => {
    const process = startProcess();
    process.answers(unavailable);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await process.handle(newMessage(announcement(id)));
    expect(process.outcomes.at(-1)).toBe('postponed');
    for (const id of ['never tried', 'gone']) {
      await process.handle({ ...newMessage(announcement(id)), sentAt: NOW - LIFETIME });
      expect(process.outcomes.at(-1)).toBe('expired');
    }
  });

  test('is recorded as expired, too, if it was never tried', async () => {
    const process = startProcess();
    process.later(LIFETIME);
    expect(await process.handle(newMessage(announcement()))).toEqual([]);
    expect(process.records).toMatchObject([{ state: 'expired', attempts: 0 }]);
  });

  test('is expired even if the table has lost it by then, because a message of the function names it', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    const { attributes } = process.sentLast();
    await process.handle({ ...newMessage(announcement('gone')), attributes });
    expect(process.outcomes).toEqual(['failed', 'expired']);
  });

  test('is tried again by a release that finds a message of the release before', async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(newMessage(announcement()));
    const message = process.sentLast();
    const { ExpiresAt: _, ...attributes } = message.attributes;
    process.answers(success);
    await process.handle({ ...message, attributes });
    expect(process.records.at(-1)).toMatchObject({ state: 'delivered', attempts: 2 });
  });
});
