import * as z from 'zod/mini';
import { DELIVERY_STATES } from '../delivery/delivery-states.ts';
import { APPLICATIONS } from '../event/bus-events.ts';
import { JSON_TYPE, NDJSON_TYPE } from '../media-types.ts';
import { deliveryParameters } from '../query/delivery-parameters.ts';
import type { Operation } from './operation.ts';

/** What became of deliveries to the custom service (docs/contract.md#deliveries). */

const time = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.nonnegative());
const text = z.string();

const delivery = z.strictObject({
  id: text,
  state: z.enum(DELIVERY_STATES),
  app_type: z.enum(APPLICATIONS),
  '@timestamp': time,
  event_id: text,
  action: z.optional(text),
  rid: z.optional(text),
  stored_at: time,
  expires_at: time,
  attempts: z.optional(count),
  status: z.optional(count),
  reason: z.optional(text),
  duration_ms: z.optional(count),
  first_failed_at: z.optional(time),
  last_attempt_at: z.optional(time),
  next_attempt_at: z.optional(time),
});

const answer = z.strictObject({
  deliveries: z.array(delivery),
  has_more: z.boolean(),
  next_cursor: z.optional(z.string().check(z.minLength(1))),
});

export const READ_DELIVERIES: Operation = {
  id: 'readDeliveries',
  path: '/api/security-logs/deliveries',
  summary: 'What became of deliveries to the custom service',
  description:
    'Which logs the custom service did not get, why, how often each was tried, and when it is tried again. It has no logs, and asking changes nothing.',
  answer: 'The deliveries. The headers come before the first byte.',
  parameters: deliveryParameters,
  errors: [
    'invalid_window',
    'conflicting_parameters',
    'no_custom_service',
    'application_not_allowed',
    'not_acceptable',
    'no_acceptable_encoding',
  ],
  bodies: { [JSON_TYPE]: answer, [NDJSON_TYPE]: delivery },
  headers: {
    always: ['Number-Of-Results', 'Cache-Control', 'Vary'],
    sometimes: ['Next-Cursor', 'Link', 'Content-Encoding'],
  },
  next: {
    description: 'The deliveries after this answer.',
    parameters: { cursor: '$response.header.Next-Cursor' },
  },
};
