import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ingest } from '../../../functions/ingest/ingest.ts';
import type { Announcement } from '../../../functions/ingest/publisher.ts';
import type { Outcome } from '../../../functions/ingest/report.ts';
import type { IdentifiedLog } from '../../../shared/event/security-event.ts';
import type { Put } from '../../../shared/feed/write-batch.ts';

const { signal } = new AbortController();

const event = (id: number, detail: object) =>
  JSON.stringify({
    id: `event-${id}`,
    source: 'easysend.player',
    'detail-type': 'Security Event',
    time: '2026-11-21T09:00:00Z',
    detail,
  });

/** What a queue could hold, and whether the store and the bus take it. */
const messages = fc.array(
  fc.record({
    body: fc.oneof(
      fc.nat(5).map((id) => event(id, { event: { action: 'OPENED' } })),
      fc.nat(5).map((id) => event(id, { event: { action: 'SOMETHING_ELSE' } })),
      fc.string(),
      fc.json(),
    ),
    storeFails: fc.boolean(),
    busFails: fc.boolean(),
  }),
  { maxLength: 30 },
);

/** Runs a batch with a store and a bus that fail where they are told to; keeps what each of them took. */
async function run(
  batch: Array<{ body: string; storeFails: boolean; busFails: boolean }>,
  announceStored = true,
) {
  const stored: string[] = [];
  const announced: Announcement[] = [];
  const outcomes = new Map<string, Outcome>();
  const failsOnce = (flags: boolean[]) => () => flags.shift() ?? false;
  const storeFails = failsOnce(batch.map((message) => message.storeFails));
  const busFails = failsOnce(batch.map((message) => message.busFails));
  const put = ({ id, log }: IdentifiedLog): Put => {
    if (storeFails()) return { kind: 'failed', error: new Error('store failed') };
    const kept = { log: JSON.stringify(log), createdAt: 0, expired: false };
    if (stored.includes(id)) return { kind: 'found', ...kept };
    stored.push(id);
    return { kind: 'stored', log: kept.log };
  };
  const handle = ingest({
    store: {
      putAll: (logs) => ({ puts: logs.map(async (log) => put(log)), finished: Promise.resolve() }),
    },
    openPublisher: () => ({
      publish: async (announcement) => {
        if (busFails()) return new Error('bus failed');
        announced.push(announcement);
        return undefined;
      },
      flush() {},
    }),
    announceStored,
    report: (settled) => {
      for (const { messageId, outcome } of settled) outcomes.set(messageId, outcome);
    },
    now: () => 0,
  });
  const queued = batch.map(({ body }, i) => ({ messageId: `message-${i}`, body }));
  const failed = await handle(queued, { storing: signal, announcing: signal });
  return { stored, announced, outcomes, failed };
}

describe('a batch of messages', () => {
  test('every message is announced, as stored or as rejected, or goes back to the queue: none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (batch) => {
        const { stored, announced, outcomes, failed } = await run(batch);
        const kinds = (...wanted: string[]) => [...outcomes].filter(([, { kind }]) => wanted.includes(kind));
        expect(outcomes.size).toBe(batch.length);
        const said = (detailType: string) => announced.filter((each) => each.detailType === detailType);
        expect(kinds('stored', 'duplicate').length).toBe(said('Security Log Stored').length);
        expect(kinds('rejected').length).toBe(said('Security Event Rejected').length);
        for (const { detail } of said('Security Log Stored')) expect(stored).toContain(JSON.parse(detail).id);
        expect(kinds('failed').map(([messageId]) => messageId)).toEqual(failed);
      }),
    );
  });

  test('where stored logs are not announced, rejections still are, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (batch) => {
        const takes = batch.map((message) => ({ ...message, busFails: false }));
        const [quiet, loud] = [await run(takes, false), await run(takes)];
        const rejections = loud.announced.filter((each) => each.detailType === 'Security Event Rejected');
        expect(quiet).toEqual({ ...loud, announced: rejections });
      }),
    );
  });

  test('a message that failed never takes its neighbours back with it', async () => {
    const good = (id: number, storeFails: boolean) => ({
      body: event(id, { event: { action: 'OPENED' } }),
      storeFails,
      busFails: false,
    });
    const { stored, failed } = await run([good(1, false), good(2, true), good(3, false)]);
    expect(stored).toEqual(['event-1', 'event-3']);
    expect(failed).toEqual(['message-1']);
  });

  test('a log that was there already is announced again: the crash between the two writes looks like this', async () => {
    const copy = { body: event(1, { event: { action: 'OPENED' } }), storeFails: false, busFails: false };
    const { stored, announced } = await run([copy, copy]);
    expect(stored).toEqual(['event-1']);
    expect(announced.map(({ detail }) => JSON.parse(detail))).toEqual([
      JSON.parse(announced[0]?.detail ?? ''),
      {
        id: 'event-1',
        key: { partitionKey: expect.stringMatching(/^1#player#\d$/), sortKey: '001795251600000#event-1' },
        log: expect.objectContaining({ event: { action: 'OPENED' }, label: { app_type: 'player' } }),
      },
    ]);
  });

  test('a log that could not be announced goes back to the queue, though it is stored', async () => {
    const unlucky = { body: event(1, { event: { action: 'OPENED' } }), storeFails: false, busFails: true };
    const { stored, failed } = await run([unlucky]);
    expect([stored, failed]).toEqual([['event-1'], ['message-0']]);
  });

  test('a rejection tells the reason and repeats the original, whatever it was', async () => {
    const originals = ['not JSON \ud800', '{"a":1}', '"text"', '', event(1, { event: { action: 'x' } })];
    const { announced } = await run(originals.map((body) => ({ body, storeFails: false, busFails: false })));
    announced.forEach(({ detail }, i) => {
      const { reason, event: original } = JSON.parse(detail);
      expect(reason.code).toMatch(/^[a-z_]+$/);
      expect(reason.message).toContain('accepted');
      expect([JSON.stringify(original), original]).toContainEqual(originals[i]);
    });
    expect(announced.length).toBe(originals.length);
  });
});
