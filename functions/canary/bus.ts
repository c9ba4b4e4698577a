import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type ProducerSource, SECURITY_EVENT } from '../../shared/event/bus-events.ts';
import type { MarkedEvent } from '../../shared/round-trip/marked-event.ts';

/** Publishes an event as a producer does (docs/contract.md#publishing-an-event). @throws Error if the bus does not take it */
export const publishOn =
  (client: EventBridgeClient, busName: string) =>
  async (source: ProducerSource, event: MarkedEvent): Promise<void> => {
    const Detail = JSON.stringify(event);
    const entry = { EventBusName: busName, Source: source, DetailType: SECURITY_EVENT, Detail };
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
    const [{ EventId, ErrorCode = 'no result', ErrorMessage = 'the bus has not taken it' } = {}] = Entries;
    if (EventId === undefined) throw new Error(`${ErrorCode}: ${ErrorMessage}`);
  };
