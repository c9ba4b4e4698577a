import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, test, vi } from 'vitest';
import { timeLimits } from '../../../functions/ingest/deadlines.ts';
import { ingest } from '../../../functions/ingest/ingest.ts';
import { busPublisher } from '../../../functions/ingest/publisher.ts';
import type { Outcome } from '../../../functions/ingest/report.ts';
import type { IdentifiedLog } from '../../../shared/event/security-event.ts';
import type { Put } from '../../../shared/feed/write-batch.ts';

const message = (id: string, source = 'easysend.player') => {
  const envelope = { id, source, 'detail-type': 'Security Event', time: '2026-11-21T09:00:00Z' };
  return { messageId: id, body: JSON.stringify({ ...envelope, detail: { event: { action: 'OPENED' } } }) };
};

/** Ingest with a store that puts as it is told, and a bus that takes everything and records each request. */
function start(put: (log: IdentifiedLog, signal: AbortSignal) => Promise<Put>) {
  const requests: Array<Array<{ detailType: string; detail: { id: string; log: object } }>> = [];
  const outcomes = new Map<string, Outcome['kind']>();
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    requests.push(
      Entries.map(({ DetailType = '', Detail = '' }) => ({
        detailType: DetailType,
        detail: JSON.parse(Detail),
      })),
    );
    return { Entries: Entries.map(() => ({ EventId: 'taken' })) };
  };
  const handle = ingest({
    store: {
      putAll: (logs, _, signal) => ({
        puts: logs.map((log) => put(log, signal)),
        finished: Promise.resolve(),
      }),
    },
    announceStored: true,
    openPublisher: busPublisher({ send } as never, 'bus'),
    report: (settled) => {
      for (const { messageId, outcome } of settled) outcomes.set(messageId, outcome.kind);
    },
    now: () => 0,
  });
  const [storing, announcing] = [new AbortController(), new AbortController()];
  const done = (messages: ReturnType<typeof message>[]) =>
    handle(messages, { storing: storing.signal, announcing: announcing.signal });
  return { done, requests, outcomes, storing, announcing };
}

const stored = ({ log }: IdentifiedLog): Put => ({ kind: 'stored', log: JSON.stringify(log) });
const untilAborted = (signal: AbortSignal): Promise<Put> =>
  new Promise((resolve) =>
    signal.addEventListener('abort', () => resolve({ kind: 'failed', error: signal.reason })),
  );

describe('a batch with one put that never returns', () => {
  const messages = Array.from({ length: 100 }, (_, i) => message(`id-${i}`));
  const late = (log: IdentifiedLog, signal: AbortSignal) =>
    log.id === 'id-42' ? untilAborted(signal) : Promise.resolve(stored(log));

  test('announces the others while it waits, and takes back that one alone', async () => {
    const { done, requests, outcomes, storing } = start(late);
    const failed = done(messages);
    await vi.waitFor(() => expect(requests.length).toBe(9), { timeout: 30_000 });
    expect(requests.map((entries) => entries.length)).toEqual(new Array(9).fill(10));
    storing.abort();
    expect(await failed).toEqual(['id-42']);
    expect(requests.map((entries) => entries.length)).toEqual([...new Array(9).fill(10), 9]);
    const announced = requests.flat().map(({ detail }) => detail.id);
    expect(announced.sort()).toEqual(
      messages
        .map(({ messageId }) => messageId)
        .filter((id) => id !== 'id-42')
        .sort(),
    );
    expect(outcomes.get('id-42')).toBe('failed');
  });

  test('has time left to announce what was stored, when the time for puts is over', () => {
    for (const remaining of [10_000, 9_000, 6_000]) {
      const { storing, announcing } = timeLimits(remaining);
      expect(announcing - storing).toBeGreaterThanOrEqual(2000);
      expect(remaining - announcing).toBeGreaterThanOrEqual(1000);
      expect(storing).toBeGreaterThanOrEqual(2000);
    }
    expect(timeLimits(100)).toEqual({ storing: 0, announcing: 0 });
  });
});

describe('a log that was found in the store', () => {
  const found = (expired: boolean) => async (): Promise<Put> => ({
    kind: 'found',
    log: '{"stored":"first"}',
    createdAt: 0,
    expired,
  });

  test('is announced as it is in the store, not as its copy is', async () => {
    const { done, requests, outcomes } = start(found(false));
    expect(await done([message('a')])).toEqual([]);
    expect(requests.flat().map(({ detail }) => detail)).toEqual([
      { id: 'a', key: expect.anything(), log: { stored: 'first' } },
    ]);
    expect(outcomes.get('a')).toBe('duplicate');
  });

  test('is a duplicate and not announced if it has expired: nothing brings it back', async () => {
    const { done, requests, outcomes } = start(found(true));
    expect(await done([message('a')])).toEqual([]);
    expect(requests).toEqual([]);
    expect(outcomes.get('a')).toBe('duplicate');
  });
});

describe('a rejection', () => {
  test('waits for no put', async () => {
    const { done, requests, storing } = start((_, signal) => untilAborted(signal));
    const wrong = Array.from({ length: 10 }, (_, i) => message(`wrong-${i}`, 'somebody'));
    const failed = done([message('late'), ...wrong]);
    await vi.waitFor(() => expect(requests.flat().length).toBe(10), { timeout: 30_000 });
    storing.abort();
    expect(await failed).toEqual(['late']);
    expect(requests.flat().map(({ detailType }) => detailType)).toEqual(
      new Array(10).fill('Security Event Rejected'),
    );
  });
});

describe('the time from publishing to storing', () => {
  test('is known of each log that was stored, and of no copy', async () => {
    const outcomes: Outcome[] = [];
    const published = Date.parse('2026-11-21T09:00:00Z');
    const putAs = (kind: 'stored' | 'found'): Put =>
      kind === 'stored' ? { kind, log: '{}' } : { kind, log: '{}', createdAt: published, expired: false };
    const handle = ingest({
      store: {
        putAll: (logs) => ({
          puts: logs.map(({ id }) => Promise.resolve(putAs(id === 'copy' ? 'found' : 'stored'))),
          finished: Promise.resolve(),
        }),
      },
      announceStored: false,
      openPublisher: () => ({ publish: () => Promise.resolve(undefined), flush: () => {} }),
      report: (settled) => outcomes.push(...settled.map(({ outcome }) => outcome)),
      now: () => published + 2500,
    });
    const { signal } = new AbortController();
    await handle([message('new'), message('copy')], { storing: signal, announcing: signal });
    expect(outcomes).toMatchObject([{ kind: 'stored', lagMs: 2500 }, { kind: 'duplicate' }]);
    expect(outcomes[1]).not.toHaveProperty('lagMs');
  });
});
