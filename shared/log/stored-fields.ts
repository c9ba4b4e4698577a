import * as z from 'zod/mini';
import { ID_LIMIT_BYTES } from './field-limits.ts';

/** What the store keeps beside a log, as the feed and the other formats show it. */

export const eventId = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(ID_LIMIT_BYTES),
    z.describe('The id of the event: its own, or the one of its envelope.'),
  );

export const storedAt = z.iso
  .datetime({ precision: 3 })
  .check(z.describe('When the service stored the log: UTC with milliseconds.'));
