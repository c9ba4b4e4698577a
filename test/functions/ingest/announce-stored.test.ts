import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import { NotAnnounced, storedAnnouncer } from '../../../functions/ingest/announce-stored.ts';
import { busPublisher } from '../../../functions/ingest/publisher.ts';
import { storedLogKey } from '../../../shared/event/announcement.ts';
import type { ResolvedLog } from '../../../shared/feed/resolve.ts';
import { logKey } from '../../../shared/store/log-key.ts';

const log = (id: string): ResolvedLog => ({
  application: 'player',
  timestamp: 1_795_244_400_123,
  id,
  json: `{"id":"${id}"}`,
});

/** Announces on a bus that takes each entry unless its log has one of these ids, and records the entries. */
function start(...refused: string[]) {
  const entries: { DetailType: string; Source: string; Detail: string }[] = [];
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    entries.push(...(Entries as typeof entries));
    return {
      Entries: Entries.map(({ Detail = '' }) =>
        refused.includes(JSON.parse(Detail).id) ? { ErrorCode: 'Throttled' } : { EventId: 'taken' },
      ),
    };
  };
  return { announce: storedAnnouncer(busPublisher({ send } as never, 'bus')), entries };
}

const { signal } = new AbortController();

describe('announcing the logs of a slot', () => {
  test('says of each what ingest says when it stores a log', async () => {
    const { announce, entries } = start();
    const ids = Array.from({ length: 23 }, (_, i) => `id-${i}`);
    await announce(ids.map(log), signal);
    expect(entries.map(({ Detail }) => JSON.parse(Detail))).toEqual(
      ids.map((id) => ({ id, key: logKey('player', 1_795_244_400_123, id), log: { id } })),
    );
    for (const { DetailType, Source, Detail } of entries) {
      const event = { source: Source, 'detail-type': DetailType, detail: JSON.parse(Detail) };
      expect(storedLogKey(event)).toEqual(event.detail.key);
    }
  });

  test('fails unless the bus takes every announcement', async () => {
    const { announce, entries } = start('b', 'c');
    const failed = announce(['a', 'b', 'c', 'd'].map(log), signal);
    await expect(failed).rejects.toThrow(NotAnnounced);
    await expect(failed).rejects.toThrow('the bus did not take 2 of 4 announcements');
    await expect(failed).rejects.toMatchObject({ cause: { message: expect.stringContaining('Throttled') } });
    expect(entries).toHaveLength(4);
  });

  test('fails when the time is up', async () => {
    const { announce, entries } = start();
    const time = AbortSignal.abort(new Error('the time is up'));
    await expect(announce([log('a')], time)).rejects.toMatchObject({ cause: { message: 'the time is up' } });
    expect(entries).toEqual([]);
  });

  test('of no log asks nothing of the bus', async () => {
    const { announce, entries } = start();
    await announce([], signal);
    expect(entries).toEqual([]);
  });
});
