import { describe, expect, test } from 'vitest';
import { NoResolveRequest, type Resolve, resolveBatch } from '../../../functions/ingest/resolve.ts';
import type { Resolution } from '../../../functions/ingest/resolve-report.ts';
import { type ResolveRequest, resolveRequestSchema } from '../../../shared/feed/resolve-request.ts';

const NOTHING = { rolledForward: 0, voided: 0, damaged: 0 };

/** Resolves batches with a resolver that answers as it is told, and records what it is asked. */
function start(answer: Resolve = async () => NOTHING) {
  const asked: ResolveRequest[] = [];
  const reported: Resolution[] = [];
  const resolve: Resolve = (request, signal) => {
    asked.push(request);
    return answer(request, signal);
  };
  const handle = resolveBatch({ resolve, report: (resolutions) => reported.push(...resolutions) });
  const time = new AbortController();
  /** @param bodies each becomes a message, whose id is its place */
  const batch = (...bodies: unknown[]) =>
    handle(
      bodies.map((body, i) => ({
        messageId: String(i),
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })),
      time.signal,
    );
  return { batch, asked, reported, time };
}

const slot = (shard: number, number: number) => ({ kind: 'slot', shard, number });

describe('a batch of requests to resolve', () => {
  test('is resolved, the schedule as well as readers, and leaves the queue', async () => {
    const report = { ...NOTHING, rolledForward: 1 };
    const { batch, asked, reported } = start(async () => report);
    expect(await batch({ kind: 'all' }, slot(3, 17))).toEqual([]);
    expect(asked).toEqual([{ kind: 'all' }, slot(3, 17)]);
    expect(reported).toEqual([
      { messageIds: ['0'], request: { kind: 'all' }, report },
      { messageIds: ['1'], request: slot(3, 17), report },
    ]);
  });

  test('asks once for what several messages ask for, however they write it', async () => {
    const { batch, asked, reported } = start();
    const reordered = '{"number":17, "shard":3, "kind":"slot"}';
    expect(await batch(slot(3, 17), { kind: 'all' }, reordered, slot(3, 18), { kind: 'all' })).toEqual([]);
    expect(asked).toEqual([slot(3, 17), { kind: 'all' }, slot(3, 18)]);
    expect(reported.map(({ messageIds }) => messageIds)).toEqual([['0', '2'], ['1', '4'], ['3']]);
  });

  test('gives back every message whose request failed, and no other', async () => {
    const throttled = new Error('throttled');
    const { batch, reported } = start(async (request) => {
      if (request.kind === 'slot' && request.number === 17) throw throttled;
      return NOTHING;
    });
    expect(await batch(slot(3, 17), slot(3, 18), slot(3, 17))).toEqual(['0', '2']);
    expect(reported).toEqual([
      { messageIds: ['0', '2'], request: slot(3, 17), error: throttled },
      { messageIds: ['1'], request: slot(3, 18), report: NOTHING },
    ]);
  });

  test('does not wait for a resolver that hangs when the time is up', async () => {
    const { batch, time } = start((request) =>
      request.kind === 'all' ? new Promise(() => {}) : Promise.resolve(NOTHING),
    );
    const failed = batch(slot(0, 1), { kind: 'all' });
    time.abort(new Error('the time is up'));
    expect(await failed).toEqual(['1']);
  });

  test.each([
    'not JSON',
    '',
    'null',
    { kind: 'everything' },
    { kind: 'slot', shard: 1 },
    slot(-1, 1),
    slot(0, 0),
    slot(0, 1.5),
    slot(0, 2 ** 53),
    { kind: 'slot', shard: '0', number: 1 },
  ])('gives back %j, which is no request: it becomes a dead letter', async (body) => {
    const { batch, asked, reported } = start();
    expect(await batch({ kind: 'all' }, body)).toEqual(['1']);
    expect(asked).toEqual([{ kind: 'all' }]);
    expect(reported[1]).toEqual({ messageIds: ['1'], error: expect.any(NoResolveRequest) });
  });

  test('may name a slot by any number that a shard can reach', () => {
    const largest = slot(99, Number.MAX_SAFE_INTEGER);
    expect(resolveRequestSchema.parse(largest)).toEqual(largest);
  });
});
