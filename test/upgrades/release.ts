import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deliveries } from '../../functions/deliveries/deliveries.ts';
import { feed } from '../../functions/feed/feed.ts';
import type { HttpResponse } from '../../functions/http/responses.ts';
import { query } from '../../functions/query/query.ts';
import { feedReader } from '../../shared/feed/read-feed.ts';
import { feedResolver } from '../../shared/feed/resolve.ts';
import { deliveryReader } from '../../shared/store/delivery-reader.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { logStore } from '../../shared/store/log-store.ts';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { CALLER } from '../fixtures/callers.ts';
import { httpRequest } from '../fixtures/http-request.ts';
import { WRITTEN_AT } from './fixtures.ts';

/** A minute after everything was written: whatever waits for a slot has waited long enough. */
export const NOW = WRITTEN_AT + MINUTE;
const WINDOW = { start_time: '20261122114500', end_time: '20261122120000' };
const { signal } = new AbortController();

/** The functions of this release, over a table that an earlier or a later release wrote. */
export function thisRelease(client: DynamoDBDocumentClient, tableName: string) {
  const openTable = dynamoDbFeedTable({ client, tableName });
  const store = logStore({ client, tableName, retentionHours: 48 });
  const now = () => NOW;
  const request = (parameters: Record<string, string>) =>
    httpRequest({
      now: NOW,
      parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
    });
  return {
    store,
    window: (parameters: Record<string, string> = {}) =>
      query({ store, timeoutMs: 55 * SECOND, memoryBytes: 1e9, now })(
        request({ ...WINDOW, ...parameters }),
        CALLER,
      ),
    feed: (parameters: Record<string, string> = {}) =>
      feed({
        readFeed: feedReader({ openTable, retentionHours: 48, now }),
        askToResolve: async () => {},
      })(request(parameters), CALLER, signal),
    deliveries: (parameters: Record<string, string> = {}) =>
      deliveries({
        read: deliveryReader({ client, tableName, retentionHours: 48 }),
        hasCustomService: true,
        now,
      })(request({ ...WINDOW, ...parameters }), CALLER, signal),
    resolve: feedResolver({ openTable, now, announce: async () => {} }),
  };
}

/** The body of an answer, parsed. */
export async function bodyOf(response: HttpResponse) {
  const { body } = response;
  return JSON.parse(typeof body === 'string' ? body : (await buffer(body as Readable)).toString());
}
