import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { LocalStack } from '../../../local/security-logs-stack.ts';
import type { Publication } from './publications.ts';
import type { PublishedLog } from './verdict.ts';

/** How often events are published, milliseconds, and how many are in one request at most. */
const TICK = 100;
const ENTRIES = 10;

/**
 * Publishes events as a producer does, each when its time comes.
 *
 * @param base the instant that the ages of events count from, epoch milliseconds
 * @param until waits until an instant of the day
 * @returns what the bus has taken, copies included: everything, or it throws
 */
export async function publishAll(
  stack: LocalStack,
  publications: readonly Publication[],
  base: number,
  until: (at: number) => Promise<void>,
): Promise<PublishedLog[]> {
  const bus = new EventBridgeClient({
    endpoint: stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    for (const [tick, due] of Map.groupBy(publications, ({ at }) => Math.ceil(at / TICK))) {
      await until(tick * TICK);
      for (let i = 0; i < due.length; i += ENTRIES) {
        const Entries = due.slice(i, i + ENTRIES).map((publication) => entryOf(stack, publication, base));
        const { FailedEntryCount } = await bus.send(new PutEventsCommand({ Entries }));
        if (FailedEntryCount) throw new Error(`the bus refused ${FailedEntryCount} entries`);
      }
    }
  } finally {
    bus.destroy();
  }
  return publications.map(({ application, id, age }) => ({ application, id, timestamp: base - age }));
}

const entryOf = (stack: LocalStack, { application, id, action, age }: Publication, base: number) => ({
  EventBusName: stack.outputs['EventBusName'],
  Source: `easysend.${application}`,
  DetailType: 'Security Event',
  Detail: JSON.stringify({
    '@timestamp': new Date(base - age).toISOString(),
    event: { action, id },
    label: { rid: id },
  }),
});
