import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { PutEvents } from './bus-entry.ts';

/** A local stack is in no region, and believes every key. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export const isLocal = (url: string): boolean => ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);

/** Where the bus is. Without a region and credentials, they come from where the AWS CLI has them. */
export interface BusAddress {
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
}

/** An open connection to EventBridge, which whoever opened it closes. */
export interface AwsBus {
  readonly putEvents: PutEvents;
  close(): void;
}

export function openAwsBus({ endpoint, region }: BusAddress): AwsBus {
  const client = new EventBridgeClient({
    // The caller retries single entries, so it retries whole requests too.
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint, ...(isLocal(endpoint) && LOCAL) }),
    ...(region !== undefined && { region }),
  });
  return {
    putEvents: (Entries, abortSignal) =>
      client.send(new PutEventsCommand({ Entries }), { ...(abortSignal && { abortSignal }) }),
    close: () => client.destroy(),
  };
}
