import { describe, expect, test } from 'vitest';
import { deliveries } from '../../functions/deliveries/deliveries.ts';
import { deliveryJson } from '../../functions/deliveries/delivery-json.ts';
import { DELIVERIES_JSON } from '../../functions/http/answer-formats/deliveries-json.ts';
import { decodeRecord, encodeRecord } from '../../shared/delivery/delivery-record.ts';
import { DELIVERY_STATES } from '../../shared/delivery/delivery-states.ts';
import type { StoredDelivery } from '../../shared/delivery/stored-delivery.ts';
import { parseDeliveryQuery } from '../../shared/query/delivery-parameters.ts';
import { logKey } from '../../shared/store/log-key.ts';
import { HOUR } from '../../shared/time.ts';
import { CALLER } from '../fixtures/callers.ts';
import { httpRequest } from '../fixtures/http-request.ts';
import { blocksOf, namesIn, readText, tableOf } from './repository.ts';

/** What docs/contract.md says of deliveries, compared with the code. */

const contract = readText('docs/contract.md');
const listed = (table: string): string[] =>
  tableOf(contract, table).flatMap(([names = '']) => namesIn(names));

const STORED_AT = Date.UTC(2026, 10, 21, 9, 0, 2, 10);
/** The delivery of the example. */
const DELIVERY: StoredDelivery = {
  key: logKey('player', Date.UTC(2026, 10, 21, 9, 0, 0, 123), 'my-own-id'),
  createdAt: STORED_AT,
  readableUntil: STORED_AT + 48 * HOUR,
  action: 'OPENED',
  rid: 'r-1',
  record: decodeRecord(
    encodeRecord({
      state: 'waiting',
      attempts: 3,
      at: Date.UTC(2026, 10, 21, 9, 0, 21, 300),
      durationMs: 120,
      status: 503,
      reason: 'the service answered 503',
      firstFailedAt: Date.UTC(2026, 10, 21, 9, 0, 2, 500),
      nextAttemptAt: Date.UTC(2026, 10, 21, 9, 0, 41, 300),
    }),
  ),
};
const written = deliveryJson(DELIVERY, STORED_AT);

describe('the contract lists of deliveries', () => {
  test('the parameters', () => {
    expect(() => parseDeliveryQuery({ other: [''] })).toThrow(
      `accepted: ${listed('parameter of deliveries').join(', ')}`,
    );
  });

  test('the states', () => {
    expect(listed('state of a delivery')).toEqual(DELIVERY_STATES);
  });

  test('the members, in their order', () => {
    expect(listed('member of a delivery')).toEqual(Object.keys(JSON.parse(written.toString())));
  });

  test('an answer as the service frames it', () => {
    const [example = ''] = blocksOf(contract, 'json', 'deliveries-answer');
    const body = Buffer.concat([...DELIVERIES_JSON.frame(1, [written], { cursor: undefined })]);
    expect(body.toString()).toBe(example.trim());
  });

  test('the headers, all that there can be', async () => {
    const answer = deliveries({
      read:
        () =>
        async ({ partitionKey }) => ({
          deliveries: [{ ...DELIVERY, key: { ...DELIVERY.key, partitionKey } }],
          evaluated: 1,
          next: undefined,
        }),
      hasCustomService: true,
      now: () => STORED_AT,
    });
    const request = httpRequest({
      headers: { 'Accept-Encoding': 'gzip' },
      parameters: { limit: ['1'] },
      domainName: 'logs.example',
      path: '/deliveries',
      now: STORED_AT,
    });
    const { headers } = await answer(request, CALLER, new AbortController().signal);
    expect(listed('header of deliveries').toSorted()).toEqual(Object.keys(headers).toSorted());
  });
});
