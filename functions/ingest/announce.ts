import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { SERVICE_SOURCE } from '../../shared/event/bus-events.ts';
import { MAX_ENTRIES } from '../../shared/event/bus-limits.ts';
import { untilAborted } from '../../shared/until-aborted.ts';

/** Something the service says on the bus. */
export interface Announcement {
  readonly detailType: string;
  /** A JSON object, as text. */
  readonly detail: string;
}

/** Says things on the bus, in batches, because each request costs time and money. */
export interface Announcer {
  /**
   * Sends a batch as soon as it is full.
   *
   * @returns undefined when the bus has taken the announcement, or else the error; it never rejects
   */
  say(announcement: Announcement): Promise<unknown>;
  /** Sends what waits for its batch to be full. */
  flush(): void;
}

/** @param signal once it aborts, what the bus has not taken has failed */
export type OpenAnnouncer = (signal: AbortSignal) => Announcer;

/** All entries of a batch. The limit is "1 MB": this is less, however AWS counts, and any single entry fits. */
const BATCH_BYTES = 1_000_000;

interface Waiting {
  readonly entry: PutEventsRequestEntry;
  resolve(error: unknown): void;
}

/** @returns announcers that fill `PutEvents` batches and check the result of every entry */
export const announcer =
  (client: EventBridgeClient, busName: string): OpenAnnouncer =>
  (signal) => {
    let batch: Waiting[] = [];
    let room = BATCH_BYTES;

    const flush = (): void => {
      const sent = batch;
      batch = [];
      room = BATCH_BYTES;
      if (sent.length > 0) void send(client, sent, signal);
    };

    return {
      say({ detailType, detail }) {
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

/** The bus took the request but not this entry of it. */
class EntryRefused extends Error {
  override readonly name = 'EntryRefused';

  constructor(code = 'no result') {
    super(`PutEvents refused the entry: ${code}`);
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const entryBytes = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
