import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetEventSourceMappingCommand,
  ResourceConflictException,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { type Delivery, type Feed, feedOf } from './delivery.ts';

/** How often to look, and how long a change may take, milliseconds. Lambda takes up to a minute. */
const LOOK_MS = 500;
const PATIENCE_MS = 300_000;

/**
 * Switches the delivery off or on, and waits until Lambda has done so: then the batches that were under way are
 * finished.
 *
 * @param onWait is told the states while they change
 * @throws Error if they have not changed within five minutes
 */
export async function switchDelivery(
  { lambda, feeds }: Delivery,
  wanted: 'Enabled' | 'Disabled',
  onWait: (states: readonly string[]) => void,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  const change = async ({ mappingId: UUID, state }: Feed): Promise<Feed> => {
    if (state === wanted) return feedOf(await lambda.send(new GetEventSourceMappingCommand({ UUID })));
    const Enabled = wanted === 'Enabled';
    try {
      return feedOf(await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled })));
    } catch (error) {
      // Lambda changes it already, for somebody else.
      if (!(error instanceof ResourceConflictException)) throw error;
      return feedOf(await lambda.send(new GetEventSourceMappingCommand({ UUID })));
    }
  };
  let pending: readonly Feed[] = [feeds.queue, feeds.retries];
  for (;;) {
    const changed = await Promise.all(pending.map(change));
    pending = changed.filter(({ state }) => state !== wanted);
    if (pending.length === 0) return;
    onWait(changed.map(({ state }) => state));
    if (performance.now() > deadline) {
      const states = pending.map(({ queueName, state }) => `${queueName} is ${state}`).join(', ');
      throw new Error(`it is not ${wanted} after ${PATIENCE_MS / 60_000} minutes: ${states}`);
    }
    await sleep(LOOK_MS);
  }
}
