import * as z from 'zod/mini';
import { EVENT_ACTIONS } from '../../../event/actions.ts';
import { APPLICATIONS, PRODUCER_SOURCES } from '../../../event/bus-events.ts';
import { address, instant, longText, text } from '../../security-log.ts';
import { eventId } from '../../stored-fields.ts';
import { OCSF_VERSIONS } from '../ocsf.ts';
import { ACTIVITY_OF, isAuthentication } from './activities.ts';

/** A log as an event of OCSF (docs/formats.md#ocsf), as shared/log/formats/ocsf.ts writes it. */

/** Epoch milliseconds. */
const epoch = z.int();

/** What the actions of one class have, each value that there is. */
function activitySchema(isOfClass: (action: (typeof EVENT_ACTIONS)[number]) => boolean) {
  const activities = EVENT_ACTIONS.filter(isOfClass).map((action) => ACTIVITY_OF[action]);
  const oneOf = <Value extends string | number>(values: Value[]) => z.literal([...new Set(values)]);
  return {
    category_uid: oneOf(activities.map((each) => each.category_uid)),
    category_name: oneOf(activities.map((each) => each.category_name)),
    class_uid: oneOf(activities.map((each) => each.class_uid)),
    class_name: oneOf(activities.map((each) => each.class_name)),
    activity_id: oneOf(activities.map((each) => each.activity_id)),
    activity_name: oneOf(activities.map((each) => each.activity_name)),
    type_uid: oneOf(activities.map((each) => each.type_uid)),
    type_name: oneOf(activities.map((each) => each.type_name)),
  };
}

const metadata = z.strictObject({
  version: z.enum(OCSF_VERSIONS),
  uid: eventId,
  event_code: z.enum(EVENT_ACTIONS),
  product: z.strictObject({
    vendor_name: z.literal('EasySend'),
    name: z.enum(['Player', 'Builder']),
    uid: z.enum(APPLICATIONS),
    version: z.optional(text),
  }),
  log_name: z.literal('security-logs'),
  log_provider: z.enum(PRODUCER_SOURCES),
  log_version: text,
  logged_time: epoch,
  original_time: instant,
  correlation_uid: z.optional(text),
  tenant_uid: z.optional(text),
});

const operatingSystem = z.strictObject({
  name: text,
  type_id: z.int(),
  type: text,
  version: z.optional(text),
});

const common = {
  time: epoch,
  severity_id: z.literal([1, 2]),
  severity: z.enum(['Informational', 'Low']),
  metadata,
  src_endpoint: z.optional(z.strictObject({ ip: address, os: z.optional(operatingSystem) })),
  dst_endpoint: z.optional(z.strictObject({ hostname: text })),
  http_request: z.optional(
    z.strictObject({
      uid: z.optional(text),
      url: z.optional(z.strictObject({ url_string: longText })),
      user_agent: z.optional(longText),
    }),
  ),
  unmapped: z.optional(
    z.record(z.string(), text).check(z.describe('Further fields of the log as texts, by their whole names.')),
  ),
};

const authenticationSchema = z.strictObject({
  ...activitySchema(isAuthentication),
  ...common,
  status_id: z.literal([0, 1, 2]),
  status: z.enum(['Unknown', 'Success', 'Failure']),
  status_code: z.optional(text),
  auth_protocol_id: z.optional(z.int()),
  auth_protocol: z.optional(text),
  user: z.union([z.strictObject({ uid: text }), z.strictObject({ name: text })]),
  service: z.strictObject({ name: z.enum(APPLICATIONS) }),
});

const webResourcesActivitySchema = z.strictObject({
  ...activitySchema((action) => !isAuthentication(action)),
  ...common,
  web_resources: z
    .array(
      z.strictObject({ uid: z.optional(text), name: z.optional(text), url_string: z.optional(longText) }),
    )
    .check(z.length(1)),
});

export const ocsfSchema = z.union([authenticationSchema, webResourcesActivitySchema]);
