import * as z from 'zod/mini';
import { whole } from './formats.ts';

/** Settings for high rates and for recovery (docs/scaling.md, docs/recovery.md). */

/** What a new on-demand table takes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html */
const NEW_TABLE = { writes: 4000, reads: 12_000 };
const MOST_UNITS = 10_000_000;

const EITHER_OR_BOTH = '{ "writeUnitsPerSecond": ... }, { "readUnitsPerSecond": ... } or both';

const warmThroughputSchema = z
  .strictObject({
    writeUnitsPerSecond: z.exactOptional(
      whole(NEW_TABLE.writes, MOST_UNITS, '', 'Write units a second that the table takes at once.'),
    ),
    readUnitsPerSecond: z.exactOptional(
      whole(NEW_TABLE.reads, MOST_UNITS, '', 'Read units a second that the table gives at once.'),
    ),
  })
  .check(
    z.refine((units) => Object.keys(units).length > 0, { error: EITHER_OR_BOTH }),
    z.describe(
      'What the table is prepared for, as before a launch. AWS charges for raising it once; it is never lowered.',
    ),
  );

/** Less would not do: a full batch of events writes some 115 units, a window reads 16, each of several times a second. */
const LEAST_MAXIMUM = { writes: 200, reads: 100 };

const maximumThroughputSchema = z
  .strictObject({
    writeUnitsPerSecond: z.exactOptional(
      whole(LEAST_MAXIMUM.writes, MOST_UNITS, '', 'Write units a second that the table takes at most.'),
    ),
    readUnitsPerSecond: z.exactOptional(
      whole(LEAST_MAXIMUM.reads, MOST_UNITS, '', 'Read units a second that the table gives at most.'),
    ),
  })
  .check(
    z.refine((units) => Object.keys(units).length > 0, { error: EITHER_OR_BOTH }),
    z.describe(
      'What the table does and costs at most. DynamoDB throttles beyond it. By default only the quota of the account limits it.',
    ),
  );

const UNITS = ['writeUnitsPerSecond', 'readUnitsPerSecond'] as const;
type Throughput = { readonly [Unit in (typeof UNITS)[number]]?: number } | undefined;

export const tableSchema = z
  .strictObject({
    warmThroughput: z.optional(warmThroughputSchema),
    maximumThroughput: z.optional(maximumThroughputSchema),
  })
  .check(
    ...UNITS.map((units) =>
      z.refine<Partial<Record<'warmThroughput' | 'maximumThroughput', Throughput>>>(
        ({ warmThroughput, maximumThroughput }) =>
          (maximumThroughput?.[units] ?? MOST_UNITS) >= (warmThroughput?.[units] ?? 0),
        { path: ['maximumThroughput', units], error: `at least table.warmThroughput.${units}` },
      ),
    ),
    z.describe('The table of logs.'),
  );
export type TableSettings = z.infer<typeof tableSchema>;

/** What Lambda takes, least and most: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const LEAST_INGEST_CONCURRENCY = 2;
const MOST_INGEST_CONCURRENCY = 1000;

const concurrencySchema = whole(
  LEAST_INGEST_CONCURRENCY,
  MOST_INGEST_CONCURRENCY,
  '',
  'How many batches of events are stored at the same time, at most.',
);

export const ingestSchema = z
  .strictObject({ concurrency: z._default(concurrencySchema, 50) })
  .check(z.describe('How events become logs.'));
export type IngestSettings = z.infer<typeof ingestSchema>;

export const eventArchiveSchema = z
  .strictObject({
    days: whole(1, 3650, '', 'How many days an event is kept in the archive.'),
  })
  .check(
    z.describe(
      'Keeps the published events in an archive of EventBridge, to replay them after a failure. Without it there is none.',
    ),
  );
export type EventArchive = z.infer<typeof eventArchiveSchema>;
