import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deliveryIdOf, deliveryIdsOf, START, serviceAt, startDelivering } from './delivering-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import type { RunningStack } from './running-stack.ts';

const MINUTE = 60_000;
const IN_FLIGHT_LIMIT = 20;
/** How many logs wait for the service. `OUTAGE_LOGS=10000` makes an outage of hours of it. */
const WAITING = Number(process.env['OUTAGE_LOGS'] ?? 300);
/**
 * What the dead service asks to be waited for, seconds: longer than it takes until all logs wait, and new logs come once
 * it is back.
 */
const RETRY_AFTER = 65 + Math.floor(WAITING / 1000) * 10;

let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const logs = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    '@timestamp': new Date(START + i).toISOString(),
    event: { action: 'OPENED', id: `${name}-${i}` },
  }));
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id'] ?? '');

/** How many logs wait for another attempt, or are being tried. */
const waiting = ({ queues }: RunningStack): number =>
  [...queues]
    .filter(([name]) => /-Delivery(Queue|Retries)(?!DeadLetters)/.test(name))
    .map(([name, queue]) => {
      const { visible, inFlight, delayed } = queue.counts();
      return inFlight + delayed + (name.includes('-DeliveryRetries') ? visible : 0);
    })
    .reduce((sum, each) => sum + each, 0);

test('once a dead service is back, new logs come within a minute while many more failed ones wait than may be in flight, and these follow', {
  timeout: 8 * MINUTE,
}, async () => {
  // With the patience of the template: only the limit of the queues is smaller than in an account.
  const stack = await startDelivering(serviceAt(receiver), 'text', { inFlightLimit: IN_FLIGHT_LIMIT }, {});
  try {
    const failed = logs('failed', WAITING);
    receiver.answer((_, response) => response.writeHead(503, { 'retry-after': String(RETRY_AFTER) }).end());
    await stack.publishDetails(failed);
    // All have been tried, or sent on without an attempt.
    await vi.waitFor(() => expect(waiting(stack)).toBeGreaterThanOrEqual(WAITING), {
      timeout: 3 * MINUTE,
      interval: 100,
    });
    const postponed = new Set(ids());

    receiver.answer((_, response) => response.writeHead(204).end());
    const backAt = Date.now();
    const renewed = logs('new', 20);
    await stack.publishDetails(renewed);
    const missing = () => deliveryIdsOf(renewed).filter((id) => !ids().includes(id));
    await vi.waitFor(() => expect(missing()).toEqual([]), { timeout: MINUTE, interval: 100 });
    expect(Date.now() - backAt).toBeLessThan(MINUTE);
    expect(ids().filter((id) => postponed.has(id))).toEqual([]);
    expect(waiting(stack)).toBeGreaterThanOrEqual(postponed.size);

    const all = [...failed, ...renewed].map(deliveryIdOf);
    await vi.waitFor(() => expect(new Set(ids())).toEqual(new Set(all)), {
      timeout: RETRY_AFTER * 1000 + 3 * MINUTE,
      interval: 200,
    });
  } finally {
    await stack.close();
  }
});
