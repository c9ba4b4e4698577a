import * as z from 'zod/mini';
import { whole } from './formats.ts';
import { type IngestSettings, LEAST_INGEST_CONCURRENCY } from './scale.ts';

/** The size of each function (docs/settings.md#the-functions). */

/** What a function has by default, and least: smaller ones were not measured. MB. */
export const FUNCTION_MEMORY = {
  ingest: 1024,
  query: 1792,
  feed: 1024,
  deliveries: 1024,
  status: 1024,
  page: 256,
  deliver: 512,
  archive: 1792,
  canary: 512,
};

/** What Lambda takes: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html. MB. */
const MOST_MEMORY = 10_240;

/** How many batches of requests to resolve slots of the feed are processed at the same time, at most. */
export const RESOLVE_CONCURRENCY = 2;

/**
 * The least concurrency that may be reserved: as much as the event sources of the function use at most. With less, Lambda
 * would throttle them. Of ingest it is that of the least `ingest.concurrency`; `reservesEnough` asks for more.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const LEAST_CONCURRENCY = {
  ingest: LEAST_INGEST_CONCURRENCY + RESOLVE_CONCURRENCY,
  query: 1,
  feed: 1,
  deliveries: 1,
  status: 1,
  page: 1,
  deliver: 100,
  archive: 1,
};

export type FunctionName = keyof typeof FUNCTION_MEMORY;

/** A function whose size is a setting. The canary's is none: it does the same each time. */
type SizedFunction = keyof typeof LEAST_CONCURRENCY;

const sizeOf = (name: SizedFunction, description: string) =>
  z.optional(
    z
      .strictObject({
        memoryMegabytes: z._default(
          whole(
            FUNCTION_MEMORY[name],
            MOST_MEMORY,
            'megabytes',
            'The memory. Lambda gives more CPU with more memory.',
          ),
          FUNCTION_MEMORY[name],
        ),
        reservedConcurrency: z.optional(
          whole(
            LEAST_CONCURRENCY[name],
            10_000,
            'invocations',
            "How much of the account's concurrency is set aside for it; it gets no more. By default none is.",
          ),
        ),
      })
      .check(z.describe(description)),
  );

export const functionsSchema = z._default(
  z
    .strictObject({
      ingest: sizeOf('ingest', 'Stores events.'),
      query: sizeOf('query', 'Answers windows.'),
      feed: sizeOf('feed', 'Answers the feed.'),
      deliveries: sizeOf('deliveries', 'Tells what became of deliveries.'),
      status: sizeOf('status', 'Tells how the service is doing.'),
      page: sizeOf('page', 'Serves the page.'),
      deliver: sizeOf('deliver', 'Calls the custom service with each log.'),
      archive: sizeOf('archive', 'Writes files of many logs.'),
    })
    .check(z.describe('The memory and the concurrency of each function.')),
  {},
);
type FunctionSettings = z.infer<typeof functionsSchema>;
export type FunctionSize = NonNullable<FunctionSettings[SizedFunction]>;

/** Whether what is reserved for ingest is as much as its two queues use at most. */
export const reservesEnough = (
  { ingest: size }: FunctionSettings,
  { concurrency }: IngestSettings,
): boolean => (size?.reservedConcurrency ?? Number.POSITIVE_INFINITY) >= concurrency + RESOLVE_CONCURRENCY;
