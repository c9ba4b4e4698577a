import { describe, expect, test } from 'vitest';
import type { z } from 'zod/mini';
import { httpOutcome } from '../../functions/deliver/services/http-outcome.ts';
import { feed } from '../../functions/feed/feed.ts';
import { FEED_JSON } from '../../functions/http/answer-formats/feed-json.ts';
import type { RejectionCode } from '../../shared/errors.ts';
import { EVENT_ACTIONS, EVENT_GROUPS } from '../../shared/event/actions.ts';
import { flag, securityLogSchema } from '../../shared/log/security-log.ts';
import { parseFeedQuery } from '../../shared/query/feed-parameters.ts';
import { parseLogQuery } from '../../shared/query/parameters.ts';
import { readSettings, settingsSchema } from '../../shared/settings/schema.ts';
import { CALLER } from '../fixtures/callers.ts';
import { httpRequest } from '../fixtures/http-request.ts';
import { memoryFeed } from '../fixtures/memory-feed.ts';
import { blocksOf, namesIn, readText, tableOf } from './repository.ts';

/** The lists of docs/contract.md are those of the code. */

const contract = readText('docs/contract.md');

/** The paths of a log's fields, in the schema's order. */
function fieldsOf(schema: z.ZodMiniObject, prefix = ''): { path: string; kind: unknown }[] {
  return Object.entries(schema.shape).flatMap(([name, given]) => {
    const { innerType: kind = given } = (given as z.ZodMiniType).def as { innerType?: unknown };
    const isGroup = (kind as z.ZodMiniObject).shape !== undefined;
    const path = `${prefix}${name}`;
    return isGroup ? fieldsOf(kind as z.ZodMiniObject, `${path}.`) : [{ path, kind }];
  });
}

describe('the contract lists', () => {
  test('the actions, each with its group', () => {
    const rows = tableOf(contract, '`event.action`').map(([action = '', , group = '']) => [
      ...namesIn(action),
      ...namesIn(group),
    ]);
    const groups = Object.entries(EVENT_GROUPS).flatMap(([group, actions]) =>
      actions.map((action) => [action, group]),
    );
    expect(rows).toEqual(groups);
    expect(rows.map(([action]) => action)).toEqual(EVENT_ACTIONS);
  });

  test('the fields of a log in their order, and which of them are booleans', () => {
    const log = fieldsOf(securityLogSchema);
    const fields = tableOf(contract, 'field');
    expect(fields.flatMap(([names = '']) => namesIn(names))).toEqual(log.map(({ path }) => path));
    const booleans = fields
      .filter(([, note]) => note === 'boolean')
      .flatMap(([names = '']) => namesIn(names));
    expect(booleans).toEqual(log.filter(({ kind }) => kind === flag).map(({ path }) => path));
  });

  test('the reasons of a rejection', () => {
    const codes: Record<RejectionCode, true> = {
      missing_action: true,
      unknown_action: true,
      unknown_source: true,
      unknown_detail_type: true,
      no_usable_time: true,
      not_an_event: true,
    };
    const listed = tableOf(contract, '`reason.code`').flatMap(([code = '']) => namesIn(code));
    expect(listed).toEqual(Object.keys(codes));
  });

  test('the parameters of a query, as README.md does but for the alias', () => {
    const parametersIn = (page: string) => tableOf(page, 'parameter').flatMap(([name = '']) => namesIn(name));
    const parameters = parametersIn(contract);
    expect(() => parseLogQuery({ start_time: ['20261121090000'], other: [''] }, 0)).toThrow(
      `accepted: ${parameters.join(', ')}`,
    );
    expect(parametersIn(readText('README.md'))).toEqual(parameters.filter((name) => name !== 'end_type'));
  });

  test('the parameters of the feed', () => {
    const parameters = tableOf(contract, 'parameter of the feed').flatMap(([name = '']) => namesIn(name));
    expect(() => parseFeedQuery({ other: [''] })).toThrow(`accepted: ${parameters.join(', ')}`);
  });

  test('the headers of the feed, all that there can be', async () => {
    const log = { application: 'player', storedAt: 0, json: '{}' } as const;
    const { readFeed } = memoryFeed([log, log], { gapSince: 0 });
    const request = httpRequest({
      headers: { 'Accept-Encoding': 'gzip' },
      parameters: { limit: ['1'] },
      domainName: 'logs.example',
      path: '/feed',
      now: 0,
    });
    const { headers } = await feed({ readFeed, askToResolve: async () => {} })(
      request,
      CALLER,
      new AbortController().signal,
    );
    const listed = tableOf(contract, 'header of the feed').flatMap(([name = '']) => namesIn(name));
    expect(listed.toSorted()).toEqual(Object.keys(headers).toSorted());
  });

  test('an answer of the feed as the service frames it, with the log of its event', () => {
    const [example = ''] = blocksOf(contract, 'json', 'feed-answer');
    const [log = ''] = blocksOf(contract, 'json', 'log');
    const { events, cursor, has_more } = JSON.parse(example);
    const written = events.map((event: object) => Buffer.from(JSON.stringify(event)));
    const end = { cursor, hasMore: has_more, gapSince: undefined };
    const body = Buffer.concat([...FEED_JSON.frame(events.length, written, end)]);
    expect(body.toString()).toBe(example.trim());
    const { id, created, ...event } = events[0].event;
    expect({ ...events[0], event }).toEqual(JSON.parse(log));
    expect([id, new Date(created).toISOString()]).toEqual(['my-own-id', created]);
  });

  test('every setting in its example, and only valid settings', () => {
    const [example = ''] = blocksOf(contract, 'json', 'settings');
    const [shortExample = ''] = blocksOf(readText('docs/custom-services.md'), 'json', 'settings');
    readSettings(JSON.parse(shortExample));
    const settings = JSON.parse(example);
    readSettings(settings);
    const names = Object.keys(settingsSchema.shape).filter((name) => name !== '$schema');
    expect(Object.keys(settings).toSorted()).toEqual(names.toSorted());
  });

  test('which statuses of an HTTPS service mean another attempt', () => {
    const rows = tableOf(contract, 'result').map(([result = '']) => result);
    const kindsIn = (beginning: string) => {
      const row = rows.find((each) => each.startsWith(beginning)) ?? '';
      const statuses = [...row.matchAll(/\b\d(?:\d\d|xx)/g)].map(([status]) =>
        Number(status.replace('xx', '00')),
      );
      expect(statuses.length).toBeGreaterThan(0);
      return new Set(statuses.map((status) => httpOutcome(status, undefined, 0).kind));
    };
    expect(kindsIn('HTTPS: 2xx')).toEqual(new Set(['delivered']));
    expect(kindsIn('HTTPS: 408')).toEqual(new Set(['failed']));
    expect(kindsIn('HTTPS: 401')).toEqual(new Set(['denied']));
    expect(kindsIn('HTTPS: another 4xx')).toEqual(new Set(['refused']));
  });
});
