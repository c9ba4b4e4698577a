import * as z from 'zod/mini';
import { JSON_TYPE } from '../media-types.ts';
import { CUSTOM_SERVICE_KINDS, DELIVERY_SWITCHES } from '../status/service-status.ts';
import type { Operation } from './operation.ts';

/** How the service is doing (docs/contract.md#the-status). */

const time = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.nonnegative());

const answer = z.strictObject({
  generated_at: time.check(z.describe('When the figures were read.')),
  version: z.string(),
  last_stored_at: z.nullable(time),
  last_event_at: z.nullable(time),
  ingest: z.strictObject({
    lag_seconds: z.nullable(z.number().check(z.nonnegative())),
    waiting: count,
  }),
  custom_service: z.strictObject({
    kind: z.enum(CUSTOM_SERVICE_KINDS),
    delivery: z.optional(z.enum(DELIVERY_SWITCHES)),
    waiting: z.optional(count),
    retrying: z.optional(count),
    given_up: z.optional(count),
  }),
});

export const statusParameters = z.strictObject({});

export const READ_STATUS: Operation = {
  id: 'readStatus',
  path: '/api/security-logs/status',
  summary: 'How the service is doing',
  description:
    'When the last log was stored, how late it was, how many events wait, and what the custom service is doing. The figures are some seconds old at most, and of the whole service: a key that opens one application only is refused.',
  answer: 'The status.',
  parameters: statusParameters,
  errors: ['application_not_allowed', 'not_acceptable', 'no_acceptable_encoding'],
  bodies: { [JSON_TYPE]: answer },
  headers: { always: ['Cache-Control', 'Vary'], sometimes: ['Content-Encoding'] },
};
