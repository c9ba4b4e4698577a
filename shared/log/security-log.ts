import * as z from 'zod/mini';
import { EVENT_ACTIONS } from '../event/actions.ts';
import { APPLICATIONS } from '../event/bus-events.ts';
import { LONG_TEXT_LIMIT, TEXT_LIMIT } from './field-limits.ts';

/**
 * The security log: the published Elastic Common Schema document, and no other field (docs/contract.md#the-security-log).
 * The JSON has its keys in the order of the fields below.
 */

/** The ECS version of a log if its producer names none. */
export const ECS_VERSION = '8.11.0';

/** The kinds of field a log has. `shared/event/normalize.ts` converts what a producer sent by the kind of its field. */
export const text = z.string().check(z.minLength(1), z.maxLength(TEXT_LIMIT));
export const longText = z.string().check(z.minLength(1), z.maxLength(LONG_TEXT_LIMIT));
export const flag = z.boolean();
export const address = z.union([z.ipv4(), z.ipv6()]);
/** UTC with milliseconds and `Z`, in the years 1970 to 9999. */
export const instant = z.iso.datetime({ precision: 3 });

export const securityLogSchema = z.strictObject({
  ecs: z.strictObject({ version: text }),
  '@timestamp': instant,
  organization: z.optional(z.strictObject({ name: z.optional(text) })),
  user_agent: z.optional(
    z.strictObject({
      original: z.optional(longText),
      name: z.optional(text),
      device: z.optional(z.strictObject({ name: z.optional(text) })),
      os: z.optional(
        z.strictObject({
          browser_language: z.optional(text),
          browser_platform: z.optional(text),
          is_mobile_device: z.optional(flag),
          is_verified_bot: z.optional(flag),
        }),
      ),
    }),
  ),
  os: z.optional(z.strictObject({ family: z.optional(text), full: z.optional(text) })),
  client: z.optional(z.strictObject({ ip: z.optional(address) })),
  event: z.strictObject({ action: z.enum(EVENT_ACTIONS), timezone: z.optional(text) }),
  geo: z.optional(z.strictObject({ country_name: z.optional(text), region_name: z.optional(text) })),
  url: z.optional(z.strictObject({ full: z.optional(longText), domain: z.optional(text) })),
  service: z.optional(z.strictObject({ environment: z.optional(text) })),
  label: z.strictObject({
    app_type: z.enum(APPLICATIONS),
    customer_id: z.optional(text),
    business_group: z.optional(text),
    business_group_id: z.optional(text),
    deploy_timestamp: z.optional(text),
    is_co_browsing_on: z.optional(flag),
    master_rid: z.optional(text),
    page_analytics_id: z.optional(text),
    page_index: z.optional(text),
    page_name: z.optional(text),
    process_id: z.optional(text),
    process_multi_language: z.optional(text),
    request_id: z.optional(text),
    rid: z.optional(text),
    role: z.optional(text),
    source_type: z.optional(text),
    source_value: z.optional(text),
    step_id: z.optional(text),
    step_index: z.optional(text),
    web_flow_name: z.optional(text),
    webflow_id: z.optional(text),
    player_version: z.optional(text),
    authentication_method: z.optional(text),
    authentication_status: z.optional(text),
    auth_action: z.optional(text),
    auth_page: z.optional(text),
  }),
});

export type SecurityLog = z.infer<typeof securityLogSchema>;
