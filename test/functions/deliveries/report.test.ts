import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Context } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { deliveriesReport } from '../../../functions/deliveries/report.ts';
import { parseDeliveryQuery } from '../../../shared/query/delivery-parameters.ts';
import { httpRequest } from '../../fixtures/http-request.ts';

const NOW = Date.UTC(2026, 10, 21, 9);

/** The facts that a line has of a request with these parameters. */
async function lineOf(parameters: Record<string, string>) {
  const lines: unknown[] = [];
  const logger = {
    addContext: () => {},
    info: (...line: unknown[]) => lines.push(line),
    warn: () => {},
    error: () => {},
  };
  const metrics = { addMetric: () => {}, publishStoredMetrics: () => {} };
  const { middleware, noteQuery, requestEnd } = deliveriesReport(logger as never, metrics as never);
  const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
  const request = httpRequest({ parameters: given, now: NOW });
  const context = { awsRequestId: 'id' } as Context;
  const invocation = { event: request, context, response: null, error: null, internal: {} } as never;
  await middleware.before?.(invocation);
  noteQuery(request, parseDeliveryQuery(given));
  const response = { statusCode: 200, headers: { 'Number-Of-Results': '3' }, body: 'x' };
  Object.assign(invocation, { response });
  await middleware.after?.(invocation);
  const { body } = (invocation as { response: { body: Readable | string } }).response;
  if (typeof body !== 'string') await text(body);
  requestEnd(invocation);
  return (lines as [string, Record<string, unknown>][])[0]?.[1];
}

describe('the line of a request for deliveries', () => {
  test('says what was asked for', async () => {
    expect(await lineOf({ state: 'failed', start_time: '20261121090000', limit: '5' })).toMatchObject({
      status: 200,
      states: ['failed'],
      from: '2026-11-21T09:00:00.000Z',
      until: '9999-12-31T23:59:59.999Z',
      applications: ['player', 'builder'],
      limit: 5,
      oneLog: false,
      goesOn: false,
      results: 3,
    });
  });

  test('has neither the id nor the rid that was asked for', async () => {
    const id = 'player-20261121T090000123Z-secret';
    for (const parameters of [{ id }, { rid: 'secret' }])
      expect(JSON.stringify(await lineOf(parameters))).not.toContain('secret');
    expect(await lineOf({ id })).toMatchObject({ states: 'all', oneLog: true });
  });
});
