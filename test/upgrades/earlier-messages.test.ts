import { expect, test } from 'vitest';
import { readState } from '../../functions/deliver/delivery-state.ts';
import { apiKeyGuard } from '../../functions/http/api-key.ts';
import { resolveBatch } from '../../functions/ingest/resolve.ts';
import { storedLogKey } from '../../shared/event/announcement.ts';
import type { ResolveRequest } from '../../shared/feed/resolve-request.ts';
import { logKey } from '../../shared/store/log-key.ts';
import { MESSAGES, SECRETS, WRITTEN_AT } from './fixtures.ts';

/** What an earlier release left in a queue, or in a secret, is read by this one (docs/upgrades.md#the-rule). */

const ofQueue = (queue: string) => MESSAGES.filter((message) => message.queue === queue);

test.each(ofQueue('delivery'))('an announcement of $commit names its log', ({ body }) => {
  expect(storedLogKey(JSON.parse(body))).toEqual(logKey('player', WRITTEN_AT - 599_000, 'zstd-1'));
});

test.each(ofQueue('delivery').filter(({ sentAt }) => sentAt !== undefined))(
  'a message that $commit put into the retry queue goes on where it was',
  ({ sentAt = 0, attributes, commit }) => {
    expect(readState({ sentAt, attributes })).toEqual({
      attempts: 2,
      denials: 0,
      firstFailedAt: WRITTEN_AT,
      reason: 'the service answered 503',
      notBefore: WRITTEN_AT + 60_000,
      // The first release with a retry queue did not send it: it is taken from the time of the message.
      ...(commit !== '34f4881' && { expiresAt: WRITTEN_AT + 48 * 3_600_000 }),
    });
  },
);

test('requests to resolve of earlier releases are understood', async () => {
  const asked: ResolveRequest[] = [];
  const handle = resolveBatch({
    resolve: async (request) => {
      asked.push(request);
      return { rolledForward: 0, voided: 0, damaged: 0 };
    },
    report: () => {},
  });
  const messages = ofQueue('resolve').map(({ body }, i) => ({ messageId: String(i), body }));
  expect(await handle(messages, new AbortController().signal)).toEqual([]);
  expect(asked).toEqual([{ kind: 'all' }, { kind: 'slot', shard: 1, number: 1 }]);
});

test.each(SECRETS)('the secret that $commit read opens the API as before', async ({ text, opens }) => {
  const identify = apiKeyGuard(
    async (stage) => (stage === 'AWSCURRENT' ? text : undefined),
    () => WRITTEN_AT,
  );
  for (const { key, name, application } of opens)
    expect(await identify(key)).toEqual({ keyName: name, application });
  await expect(identify('another key')).rejects.toMatchObject({ status: 401 });
});
