import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { SERVICE_SOURCE } from '../../shared/bus-events.ts';

/** Something the service says on the bus. */
export interface Announcement {
  readonly detailType: string;
  /** A JSON object, as text. */
  readonly detail: string;
}

/** Says things on the bus. For each, in order, the result is undefined if the bus has taken it, or else the error. */
export type Announce = (announcements: readonly Announcement[], signal: AbortSignal) => Promise<unknown[]>;

/**
 * What one `PutEvents` may hold.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const MAX_ENTRIES = 10;
const MAX_BYTES = 1024 * 1024;

/** @returns an Announce that fills `PutEvents` batches and checks the result of every entry */
export function announcer(client: EventBridgeClient, busName: string): Announce {
  const send = async (batch: PutEventsRequestEntry[], abortSignal: AbortSignal): Promise<unknown[]> => {
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: batch }), { abortSignal });
      return batch.map((_, i) => (Entries[i]?.EventId ? undefined : new EntryRefused(Entries[i]?.ErrorCode)));
    } catch (error) {
      return batch.map(() => error);
    }
  };
  return async (announcements, signal) => {
    const entries = announcements.map(({ detailType, detail }) => ({
      EventBusName: busName,
      Source: SERVICE_SOURCE,
      DetailType: detailType,
      Detail: detail,
    }));
    const results = await Promise.all(fillBatches(entries).map((batch) => send(batch, signal)));
    return results.flat();
  };
}

/** The bus took the request but not this entry of it. */
class EntryRefused extends Error {
  override readonly name = 'EntryRefused';

  constructor(code = 'no result') {
    super(`PutEvents refused the entry: ${code}`);
  }
}

/** Cuts entries into batches within the limits; one that is too large by itself goes alone, to be refused. */
function fillBatches(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const batches: PutEventsRequestEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = entryBytes(entry);
    const batch = batches.at(-1);
    if (batch && batch.length < MAX_ENTRIES && bytes <= room) {
      batch.push(entry);
      room -= bytes;
    } else {
      batches.push([entry]);
      room = MAX_BYTES - bytes;
    }
  }
  return batches;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
const entryBytes = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
