import * as z from 'zod/mini';
import { AwsError, type AwsService, jsonService, operation } from '../http/aws-service.ts';
import type { Bus } from './bus.ts';
import { MAX_ENTRIES, MAX_ENTRIES_BYTES } from './limits.ts';
import { type Accepted, entrySchema, judge, type Refusal, sizeOf } from './put-events-entry.ts';

const putEventsSchema = z.object({
  Entries: z.array(entrySchema).check(z.minLength(1), z.maxLength(MAX_ENTRIES)),
});

type Result = { readonly EventId: string } | Refusal;

export interface EventBridgeOptions {
  /** By name. */
  readonly buses: ReadonlyMap<string, Bus>;
  readonly accountId: string;
  readonly region: string;
  /** Is told of an event for a bus that does not exist: EventBridge accepts it, and it is gone. */
  onUnknownBus(name: string): void;
  /** Is told why a bus could not take an event, which is refused. */
  onFailure(busName: string, error: unknown): void;
}

/**
 * `PutEvents`, with EventBridge's own validation: a wrong request fails, a wrong entry only itself. Every entry is
 * judged before any is published.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export const eventBridge = (options: EventBridgeOptions): AwsService =>
  jsonService('AWSEvents', {
    PutEvents: operation(putEventsSchema, async ({ Entries }) => {
      if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_ENTRIES_BYTES) {
        const message = 'Total size of the entries in the request is over the limit.';
        throw new AwsError(400, 'ValidationException', message);
      }
      const judged = Entries.map((entry) => judge(entry, options));
      const results = await Promise.all(
        judged.map((entry) => ('ErrorCode' in entry ? entry : publish(entry, options))),
      );
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    }),
  });

async function publish(
  { busName, event }: Accepted,
  { buses, onUnknownBus, onFailure }: EventBridgeOptions,
): Promise<Result> {
  const bus = buses.get(busName);
  if (bus === undefined) onUnknownBus(busName);
  try {
    await bus?.publish(event);
    return { EventId: event.id };
  } catch (error) {
    onFailure(busName, error);
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'The bus could not keep the event. Send it again.' };
  }
}
