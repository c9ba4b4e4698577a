import * as z from 'zod/mini';
import { placeOfDelivery } from '../delivery/delivery-id.ts';
import { acceptedPosition, type DeliveryPosition, parsePosition } from '../delivery/delivery-position.ts';
import {
  ACCEPTED_STATES,
  DELIVERY_STATES,
  type DeliveryState,
  readStates,
  UNDELIVERED,
} from '../delivery/delivery-states.ts';
import { explain } from '../errors.ts';
import { APPLICATIONS, type Application } from '../event/bus-events.ts';
import { CURSOR_SCHEMA } from '../feed/cursor.ts';
import { HttpError } from '../http-errors.ts';
import { FIRST_INSTANT, LAST_INSTANT } from '../time.ts';
import { CHOICE_PARAMETERS } from './choice-parameters.ts';
import { limitParameter } from './limit-parameter.ts';
import {
  appType,
  keptParameters,
  once,
  type QueryParameters,
  readParameters,
  time,
  withoutEmptyCursor,
} from './read-parameters.ts';
import { datePattern } from './time-parameter.ts';
import type { TimeWindow } from './time-window.ts';

/** A request for deliveries, read from its parameters (docs/contract.md#deliveries). */
export interface DeliveryQuery {
  readonly window: TimeWindow;
  readonly applications: readonly Application[];
  /** Undefined for all. */
  readonly states?: ReadonlySet<DeliveryState> | undefined;
  readonly rid?: string | undefined;
  /** The one log that is wanted, by the id under which it is delivered. */
  readonly id?: string | undefined;
  readonly limit: number;
  /** The place to go on after. */
  readonly after?: DeliveryPosition | undefined;
  /** The parameters that the next request has again, as the caller wrote them. */
  readonly kept: Readonly<Record<string, string>>;
}

const ACCEPTED_ID = 'the id of a delivery, such as player-20261121T090000123Z-my-own-id';

/** What `placeOfDelivery` reads. */
const DELIVERY_ID_PATTERN = `^(?:${APPLICATIONS.join('|')})-${datePattern('')}T(?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}[0-9]{3}Z-[A-Za-z0-9_-]+$`;

const readId = (id: string) => {
  const place = placeOfDelivery(id);
  return place && { id, ...place };
};

export const deliveryParameters = z.strictObject({
  state: z.optional(
    once('state', 'invalid_state', ACCEPTED_STATES, readStates, {
      description:
        'Only deliveries in one of these states. undelivered stands for all but delivered. Default: all.',
      schema: {
        type: 'array',
        items: { type: 'string', enum: [...DELIVERY_STATES, UNDELIVERED] },
        minItems: 1,
      },
    }),
  ),
  start_time: z.optional(
    time('start_time', 'Logs whose event occurred at or after this time. Default: no limit.'),
  ),
  end_time: z.optional(time('end_time', 'Logs whose event occurred before this time. Default: no limit.')),
  app_type: appType,
  rid: CHOICE_PARAMETERS.rid,
  id: z.optional(
    once('id', 'invalid_id', ACCEPTED_ID, readId, {
      description: 'One log, by the id under which it is delivered. Only alone.',
      schema: { type: 'string', pattern: DELIVERY_ID_PATTERN },
    }),
  ),
  limit: limitParameter,
  cursor: z.optional(
    once('cursor', 'invalid_cursor', acceptedPosition, parsePosition, {
      description:
        'The next_cursor of an earlier answer, with the same other parameters. An empty one counts as absent.',
      schema: CURSOR_SCHEMA,
    }),
  ),
});

const KEPT = Object.keys(deliveryParameters.shape).filter((name) => name !== 'cursor');

/** @throws HttpError 400 that names the parameter, the value received and what is accepted */
export function parseDeliveryQuery(parameters: QueryParameters): DeliveryQuery {
  const given = withoutEmptyCursor(parameters);
  const { state, start_time, end_time, app_type, rid, id, limit, cursor } = readParameters(
    deliveryParameters,
    given,
  );
  const kept = keptParameters(given, KEPT);
  if (id !== undefined) {
    requireAlone(given);
    const window = { from: id.timestamp, until: id.timestamp + 1 };
    return { window, applications: [id.application], id: id.id, limit, kept };
  }
  if (start_time && end_time && end_time.instant < start_time.instant) {
    const accepted = `start_time or later, ${start_time.text}`;
    throw new HttpError('invalid_window', explain('end_time', end_time.text, accepted));
  }
  const window = {
    from: start_time?.instant ?? FIRST_INSTANT,
    until: end_time?.instant ?? LAST_INSTANT + 1,
  };
  return { window, applications: app_type, states: state, rid, limit, after: cursor, kept };
}

/** @throws HttpError 400 if another parameter is given beside `id`, which names one log already */
function requireAlone(given: QueryParameters): void {
  const other = Object.keys(given).find((name) => name !== 'id');
  if (other === undefined) return;
  const message = explain(other, given[other]?.[0], 'nothing beside id, which names one log');
  throw new HttpError('conflicting_parameters', message);
}
