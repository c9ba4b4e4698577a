import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { Bus } from '../bus/bus.ts';
import { AwsError, type AwsService, jsonService, operation } from './aws-service.ts';

/**
 * `PutEvents`, with EventBridge's own validation: a wrong request fails, a wrong entry only itself.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */

const ENTRIES_LIMIT = 10;
/** Of all entries together, bytes. */
const SIZE_LIMIT = 1024 * 1024;
/** What EventBridge counts for an entry's time, bytes. */
const TIME_SIZE = 14;

const entrySchema = z.object({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  EventBusName: z._default(z.string(), 'default'),
  Resources: z._default(z.array(z.string()), []),
  /** Epoch seconds. */
  Time: z.optional(z.number()),
});

const putEventsSchema = z.object({
  Entries: z.array(entrySchema).check(z.minLength(1), z.maxLength(ENTRIES_LIMIT)),
});

type Entry = z.infer<typeof entrySchema>;
type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

export interface EventBridgeOptions {
  /** By name. */
  readonly buses: ReadonlyMap<string, Bus>;
  readonly accountId: string;
  readonly region: string;
  /** Is told of an event for a bus that does not exist: EventBridge accepts it, and it is gone. */
  onUnknownBus(name: string): void;
}

export function eventBridge(options: EventBridgeOptions): AwsService {
  const putEvents = operation(putEventsSchema, async ({ Entries }) => {
    if (sum(Entries.map(sizeOf)) > SIZE_LIMIT) {
      throw new AwsError(
        400,
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const results = await Promise.all(Entries.map((entry) => putEvent(entry, options)));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  });
  return jsonService('AWSEvents', { PutEvents: putEvents });
}

async function putEvent(
  { Source = '', DetailType = '', Detail = '', EventBusName, Resources, Time }: Entry,
  { buses, accountId, region, onUnknownBus }: EventBridgeOptions,
): Promise<Result> {
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (value === '') return missing(name);
  }
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseObject(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };

  const id = randomUUID();
  const busName = EventBusName.slice(EventBusName.lastIndexOf('/') + 1);
  const bus = buses.get(busName);
  if (bus === undefined) onUnknownBus(busName);
  await bus?.publish({
    id,
    source: Source,
    detailType: DetailType,
    detailJson: Detail,
    detail,
    account: accountId,
    region,
    time: Time === undefined ? Date.now() : Time * 1000,
    resources: Resources,
  });
  return { EventId: id };
}

const missing = (name: string): Result => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

function parseObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevents-limits */
const sizeOf = ({ Source = '', DetailType = '', Detail = '', Resources, Time }: Entry): number =>
  sum([Source, DetailType, Detail, ...Resources].map((text) => Buffer.byteLength(text))) +
  (Time === undefined ? 0 : TIME_SIZE);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
