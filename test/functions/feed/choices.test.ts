import type { Readable } from 'node:stream';
import { json, text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feed } from '../../../functions/feed/feed.ts';
import type { SecurityLog } from '../../../shared/log/security-log.ts';
import type { QueryParameters } from '../../../shared/query/read-parameters.ts';
import { anySecurityLog } from '../../fixtures/any-security-log.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { ECS_SCHEMAS, ecsProblems } from '../../fixtures/ecs-schema.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { type FeedLog, idAt, memoryFeed } from '../../fixtures/memory-feed.ts';
import { OCSF_VALIDATORS } from '../../fixtures/ocsf-schema.ts';

/** What a caller can choose of the feed: the format, and which logs. */

const NOW = Date.UTC(2026, 10, 21, 9);
const NDJSON = 'application/x-ndjson';

const anyFeed = fc.array(anySecurityLog, { minLength: 1, maxLength: 30 }).map((logs) =>
  logs.map(
    (log, n): FeedLog => ({
      application: log.label.app_type,
      storedAt: NOW + n,
      json: JSON.stringify(log),
    }),
  ),
);

async function ask(logs: readonly FeedLog[], parameters: QueryParameters, accept = 'application/json') {
  const answer = feed({
    readFeed: memoryFeed(logs).readFeed,
    ocsfUser: { name: 'someone' },
    askToResolve: async () => {},
  });
  const request = httpRequest({
    now: NOW,
    headers: { Accept: accept },
    parameters,
    domainName: 'logs.example',
    path: '/feed',
  });
  const { headers, body } = await answer(request, CALLER, new AbortController().signal);
  if (accept !== NDJSON) {
    const { events } = (await json(body as Readable)) as { events: Record<string, unknown>[] };
    return { headers, events };
  }
  const lines = (await text(body as Readable)).split('\n').slice(0, -1);
  return { headers, events: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

describe.each(['application/json', NDJSON])('the feed as %s', (accept) => {
  test.each(Object.entries(ECS_SCHEMAS))('in ECS is valid against the schema of %s', async (_, schema) => {
    await fc.assert(
      fc.asyncProperty(anyFeed, async (logs) => {
        const { events } = await ask(logs, { format: ['ecs'] }, accept);
        for (const event of events) expect(ecsProblems(schema, event)).toEqual([]);
        expect(events.map(({ event }) => event)).toEqual(
          logs.map(({ storedAt }, n) =>
            expect.objectContaining({ id: idAt(n), created: new Date(storedAt).toISOString() }),
          ),
        );
      }),
      { numRuns: 20 },
    );
  });

  test.each(OCSF_VALIDATORS)('in OCSF is valid against the schema of %s', async (version, problems) => {
    await fc.assert(
      fc.asyncProperty(anyFeed, async (logs) => {
        const { events } = await ask(logs, { format: ['ocsf'], ocsf_version: [version] }, accept);
        for (const event of events) expect(problems(event)).toEqual([]);
        expect(events.map(({ metadata }) => metadata)).toEqual(
          logs.map(({ storedAt }, n) =>
            expect.objectContaining({ version, uid: idAt(n), logged_time: storedAt }),
          ),
        );
        for (const { class_uid, user } of events)
          expect(user).toEqual(class_uid === 3002 ? { name: 'someone' } : undefined);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a filter of the feed', () => {
  test('gives each log that matches once to who follows the link, whose cursor is one of the whole feed', async () => {
    await fc.assert(
      fc.asyncProperty(anyFeed, fc.integer({ min: 1, max: 5 }), async (logs, limit) => {
        const found: unknown[] = [];
        let next: QueryParameters | undefined = {
          limit: [String(limit)],
          action: ['Authentication'],
          outcome: ['success,failure'],
        };
        let last = '';
        while (next) {
          const { headers, events }: Awaited<ReturnType<typeof ask>> = await ask(logs, next);
          expect(events.length).toBeLessThanOrEqual(limit);
          found.push(...events);
          last = headers['Feed-Cursor'] ?? '';
          const target = /^<(.+)>; rel="next"$/.exec(headers['Link'] ?? '')?.[1];
          const query = target && new URL(target).searchParams;
          next = query ? Object.fromEntries([...query].map(([name, value]) => [name, [value]])) : undefined;
        }
        const all = logs.map((log): SecurityLog => JSON.parse(log.json));
        expect(found).toEqual(
          all.filter(({ event }) =>
            /AuthenticationSucceed|AuthenticationError|AuthenticationFailed/.test(event.action),
          ),
        );
        expect((await ask(logs, { cursor: [last] })).events).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
