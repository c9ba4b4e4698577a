import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, onTestFinished, test, vi } from 'vitest';
import { AWS, START } from './delivering-stack.ts';
import { between, type RunningStack, startRunningStack } from './running-stack.ts';

/** Publishes one event after the other until the stack takes none any more. Tells of each that was acknowledged. */
async function publishUntilRefused(
  { awsUrl, outputs }: RunningStack,
  name: string,
  onAcknowledged: (id: string) => void,
): Promise<void> {
  const client = new EventBridgeClient({ endpoint: awsUrl, ...AWS, maxAttempts: 1 });
  try {
    for (let i = 0; ; i += 1) {
      const ids = [`${name}-${2 * i}`, `${name}-${2 * i + 1}`];
      const { Entries = [] } = await client.send(
        new PutEventsCommand({
          Entries: ids.map((id) => ({
            EventBusName: outputs['EventBusName'],
            Source: 'easysend.player',
            DetailType: 'Security Event',
            Detail: JSON.stringify({
              '@timestamp': new Date(START).toISOString(),
              event: { action: 'OPENED', id },
              label: { rid: id },
            }),
          })),
        }),
      );
      Entries.forEach(({ EventId }, index) => {
        if (EventId !== undefined) onAcknowledged(ids[index] ?? '');
      });
    }
  } catch {
    // The stack has stopped.
  } finally {
    client.destroy();
  }
}

test('a stack that is stopped while it is published to loses nothing that it has acknowledged', async () => {
  const data = await mkdtemp(join(tmpdir(), 'stopping-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const acknowledged = new Set<string>();

  for (const round of [1, 2]) {
    const warnings: string[] = [];
    const log = { progress: () => {}, warn: (line: string) => void warnings.push(line), detail: () => {} };
    const stack = await startRunningStack({ data, log });
    const enough = Promise.withResolvers<void>();
    let count = 0;
    const publishers = [1, 2, 3, 4, 5, 6].map((publisher) =>
      publishUntilRefused(stack, `${round}-${publisher}`, (id) => {
        acknowledged.add(id);
        count += 1;
        if (count === 300) enough.resolve();
      }),
    );
    await enough.promise;
    const began = performance.now();
    await stack.close();
    expect(performance.now() - began).toBeLessThan(30_000);
    await Promise.all(publishers);
    expect(warnings).toEqual([]);
  }

  const stack = await startRunningStack({ data });
  onTestFinished(() => stack.close());
  const waiting = () => [...stack.queues.values()].map((queue) => Object.values(queue.counts()));
  await vi.waitFor(() => expect(new Set(waiting().flat())).toEqual(new Set([0])), 50_000);
  const { logs } = await stack.ask(between(START, START + 1000));
  const stored = new Set(logs.map(({ label }) => label.rid));
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
});
