import { expect, test } from 'vitest';
import type { Delivery, DeliveryOutcome } from '../../../functions/deliver/outcome.ts';
import { DeliveryFault } from '../../../functions/deliver/reason.ts';
import { isTestRequest, testDelivery } from '../../../functions/deliver/test-delivery.ts';
import { everyTurn } from '../../../functions/deliver/turns.ts';
import { publishedLog } from '../../../shared/log/formats/published.ts';
import { securityLogSchema } from '../../../shared/log/security-log.ts';

const NOW = Date.UTC(2026, 10, 21, 9);

/** Runs a test of a service that answers after 120 ms. */
async function runTest(answer: () => Promise<DeliveryOutcome>) {
  let time = NOW;
  const delivered: Delivery[] = [];
  const run = testDelivery({
    async service(delivery) {
      delivered.push(delivery);
      time += 120;
      return answer();
    },
    write: publishedLog,
    startTurns: everyTurn,
    uniqueName: () => 'unique',
    now: () => time,
  });
  return { result: await run(new AbortController().signal), delivered };
}

test('a test delivers a valid log that is marked as a test, and tells the outcome', async () => {
  const { result, delivered } = await runTest(async () => ({ kind: 'delivered' }));
  expect(result).toEqual({ outcome: 'delivered', id: 'test-unique', durationMs: 120 });
  expect(delivered).toMatchObject([{ id: 'test-unique', timestamp: NOW }]);
  const log = securityLogSchema.parse(JSON.parse(delivered[0]?.json ?? ''));
  expect([log.service?.environment, log.label.rid]).toEqual(['security-logs-test', 'test-unique']);
});

test.each<[DeliveryOutcome]>([
  [{ kind: 'failed', status: 503, reason: 'the service answered 503' }],
  [{ kind: 'denied', reason: 'the service answered 401' }],
  [{ kind: 'refused', reason: 'the service answered 410' }],
])('tells why a test was not delivered: %j', async (outcome) => {
  const { result } = await runTest(async () => outcome);
  const { kind, ...others } = outcome;
  expect(result).toEqual({ outcome: kind, id: 'test-unique', durationMs: 120, ...others });
});

test('tells a fault on our side as a failure', async () => {
  const { result } = await runTest(() => Promise.reject(new DeliveryFault('the secret is gone')));
  expect(result).toMatchObject({ outcome: 'failed', reason: 'the secret is gone' });
});

test.each<[unknown, boolean]>([
  [{ test: true }, true],
  [{ test: false }, false],
  [{ test: true, log: {} }, false],
  [{ Records: [] }, false],
  [null, false],
])('%j is a request for a test: %s', (event, expected) => {
  expect(isTestRequest(event)).toBe(expected);
});
