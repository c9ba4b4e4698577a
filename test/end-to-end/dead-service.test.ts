import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { deliveryIdOf, deliveryIdsOf, START, serviceAt, startDelivering } from './delivering-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import type { RunningStack } from './running-stack.ts';

const MINUTE = 60_000;
/** What the dead service asks to be waited for, seconds: longer than new logs may take once it is back. */
const RETRY_AFTER = 65;
const IN_FLIGHT_LIMIT = 20;

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
    .filter(([name]) => /-Delivery(Queue|Retries)/.test(name))
    .map(([, queue]) => queue.counts().inFlight + queue.counts().delayed)
    .reduce((sum, each) => sum + each, 0);

test('once a dead service is back, new logs come within a minute while many more failed ones wait than may be in flight, and these follow', {
  timeout: 4 * MINUTE,
}, async () => {
  // With the patience of the template: only the limit of the queues is smaller than in an account.
  const stack = await startDelivering(serviceAt(receiver), 'text', { inFlightLimit: IN_FLIGHT_LIMIT }, {});
  try {
    const failed = logs('failed', 120);
    receiver.answer((_, response) => response.writeHead(503, { 'retry-after': String(RETRY_AFTER) }).end());
    await stack.publishDetails(failed);
    await vi.waitFor(() => expect(waiting(stack)).toBeGreaterThanOrEqual(IN_FLIGHT_LIMIT), {
      timeout: MINUTE,
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
    await vi.waitFor(() => expect(new Set(ids())).toEqual(new Set(all)), { timeout: 2 * MINUTE });
  } finally {
    await stack.close();
  }
});
