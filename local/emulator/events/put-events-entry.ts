import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import type { PublishedEvent } from './envelope.ts';
import { MAX_NESTING } from './limits.ts';
import { isObject } from './pattern-operators.ts';

export const entrySchema = z.object({
  Source: z.optional(z.string()),
  DetailType: z.optional(z.string()),
  Detail: z.optional(z.string()),
  EventBusName: z._default(z.string().check(z.minLength(1), z.maxLength(1600)), 'default'),
  Resources: z._default(z.array(z.string()), []),
  /** Epoch seconds. */
  Time: z.optional(z.number()),
});
export type Entry = z.infer<typeof entrySchema>;

export interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export interface Accepted {
  readonly busName: string;
  readonly event: PublishedEvent;
}

/** The size of an entry's time as EventBridge counts it, bytes. */
const TIME_SIZE = 14;
/** The farthest instant a date can be from 1970, milliseconds. */
const LAST_TIME = 8.64e15;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export const sizeOf = ({ Source = '', DetailType = '', Detail = '', Resources, Time }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
  (Time === undefined ? 0 : TIME_SIZE);

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
export function judge(
  entry: Entry,
  { accountId, region }: { readonly accountId: string; readonly region: string },
): Accepted | Refusal {
  const { Source = '', DetailType = '', Detail = '', EventBusName, Resources, Time } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (value === '') return invalid(name, `${name} is a required argument.`);
  }
  if (Source.startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const time = Time === undefined ? Date.now() : Time * 1000;
  if (Math.abs(time) > LAST_TIME) return invalid('Time', 'it is no date.');
  const detail = parseObject(Detail);
  if (detail === undefined || isDeeperThan(MAX_NESTING, detail)) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  return {
    busName: EventBusName.slice(EventBusName.lastIndexOf('/') + 1),
    event: {
      id: randomUUID(),
      source: Source,
      detailType: DetailType,
      detailJson: Detail,
      detail,
      account: accountId,
      region,
      time,
      resources: Resources,
    },
  };
}

const invalid = (name: string, reason: string): Refusal => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}`,
});

function parseObject(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Level by level, because a value may be too deep for recursion. */
function isDeeperThan(levels: number, value: object): boolean {
  let level: object[] = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((each) =>
      Object.values(each).filter((inner) => typeof inner === 'object' && inner !== null),
    );
  }
  return false;
}
