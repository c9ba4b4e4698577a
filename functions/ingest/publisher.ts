import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { SERVICE_SOURCE } from '../../shared/event/bus-events.ts';
import { entryBytes, MAX_BATCH_BYTES, MAX_ENTRIES } from '../../shared/event/bus-limits.ts';
import { untilAborted } from '../../shared/until-aborted.ts';

/** An event that the service publishes on the bus. */
export interface Announcement {
  readonly detailType: string;
  /** A JSON object, as text. */
  readonly detail: string;
}

/** Publishes announcements on the bus in batches, because each request costs time and money. */
export interface Publisher {
  /**
   * Adds an announcement to the batch, and sends the batch once it is full.
   *
   * @returns undefined once the bus has taken the announcement, or else the error; it never rejects
   */
  publish(announcement: Announcement): Promise<unknown>;
  /** Sends the batch although it is not full. */
  flush(): void;
}

/** @param signal once it aborts, announcements that the bus has not taken have failed */
export type OpenPublisher = (signal: AbortSignal) => Publisher;

interface Waiting {
  readonly entry: PutEventsRequestEntry;
  resolve(error: unknown): void;
}

/** @returns publishers that fill `PutEvents` batches and check the result of every entry */
export const busPublisher =
  (client: EventBridgeClient, busName: string): OpenPublisher =>
  (signal) => {
    let batch: Waiting[] = [];
    let room = MAX_BATCH_BYTES;

    const flush = (): void => {
      const full = batch;
      batch = [];
      room = MAX_BATCH_BYTES;
      if (full.length > 0) void send(client, full, signal);
    };

    return {
      publish({ detailType, detail }) {
        const entry = {
          EventBusName: busName,
          Source: SERVICE_SOURCE,
          DetailType: detailType,
          Detail: detail,
        };
        const bytes = entryBytes(entry);
        if (bytes > room) flush();
        const { promise, resolve } = Promise.withResolvers<unknown>();
        batch.push({ entry, resolve });
        room -= bytes;
        if (batch.length === MAX_ENTRIES) flush();
        return promise;
      },
      flush,
    };
  };

async function send(client: EventBridgeClient, batch: readonly Waiting[], signal: AbortSignal) {
  try {
    const command = new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) });
    const { Entries = [] } = await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
    batch.forEach(({ resolve }, i) => {
      resolve(Entries[i]?.EventId ? undefined : new EntryRefused(Entries[i]?.ErrorCode));
    });
  } catch (error) {
    for (const { resolve } of batch) resolve(error);
  }
}

/** The bus took the request, but not this entry of it. */
class EntryRefused extends Error {
  override readonly name = 'EntryRefused';

  constructor(code = 'no result') {
    super(`PutEvents refused the entry: ${code}`);
  }
}
