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

describe('a service that fails five times in a row', () => {
  const batch = (count: number, name: string) =>
    Array.from({ length: count }, (_, i) => newMessage(announcement(`${name}-${i}`), `${name}-${i}`));
  const failing = async () => {
    const process = startProcess();
    process.answers(unavailable);
    await process.handle(...batch(5, 'first'));
    process.sent.length = process.delivered.length = 0;
    return process;
  };

  test('is left alone: logs go to the retry queue untried, and no attempt is counted', async () => {
    const process = await failing();
    process.later(2_000);
    expect(await process.handle(...batch(10, 'second'))).toEqual([]);
    expect(process.delivered).toEqual([]);
    expect(process.sent.length).toBe(10);
    for (const each of process.sent) {
      // when the next probe may be made, and some chance
      expect(each).toMatchObject({ QueueUrl: 'retries', DelaySeconds: 8 });
      expect(attributesOf(each)).toMatchObject({
        Attempts: '0',
        FirstFailedAt: String(NOW + 2_000),
        Reason: expect.stringContaining('not tried'),
      });
    }
  });

  test('is tried with one log of a batch at a time; if that fails, the others wait', async () => {
    const process = await failing();
    process.later(5_000);
    await process.handle(...batch(10, 'second'));
    expect(process.delivered.length).toBe(1);
    expect(process.sent.map(attributesOf).map(({ Attempts }) => Attempts)).toEqual([
      '1',
      ...Array(9).fill('0'),
    ]);
  });

  test('gets the whole batch once it has answered one log of it, whatever it said', async () => {
    for (const answer of [success, gone, forbidden]) {
      const process = await failing();
      process.later(5_000);
      process.answers(answer);
      await process.handle(...batch(10, 'second'));
      expect(process.delivered.length).toBe(10);
    }
  });

  test('is not tried with what has expired or is no announcement: the next log is the probe', async () => {
    const process = await failing();
    process.later(5_000);
    process.answers(success);
    await process.handle(newMessage('no JSON'), newMessage(announcement('gone')), ...batch(8, 'second'));
    expect(process.delivered.length).toBe(8);
  });

  test('does not become dead by denying or refusing logs, or by faults of ours', async () => {
    for (const outcome of [gone, forbidden, new Error('ours')]) {
      const process = startProcess();
      process.answers(outcome);
      await process.handle(...batch(10, 'first'));
      await process.handle(...batch(10, 'second'));
      expect(process.delivered.length).toBe(20);
    }
  });
});
