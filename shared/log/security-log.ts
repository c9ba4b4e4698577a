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

/** Says what a schema is of, for the documents that are generated from it (docs/events.md). It stays the same schema. */
const described = <Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema => {
  z.globalRegistry.add(schema, { description });
  return schema;
};

/** An optional field. Its kind is not changed: the normalizer recognizes it by identity. */
const field = <Kind extends z.ZodMiniType>(kind: Kind, description: string) =>
  described(z.optional(kind), description);

export const securityLogSchema = z.strictObject({
  ecs: described(z.strictObject({ version: text }), 'version: the version of ECS that the log follows.'),
  '@timestamp': described(instant, 'When the event happened: UTC with milliseconds.'),
  organization: z.optional(z.strictObject({ name: field(text, 'The organization whose process it is.') })),
  user_agent: z.optional(
    z.strictObject({
      original: field(longText, 'The header User-Agent, as it was sent.'),
      name: field(text, 'The browser, such as Mobile Safari.'),
      device: z.optional(z.strictObject({ name: field(text, 'The model of the device, such as iPhone.') })),
      os: z.optional(
        z.strictObject({
          browser_language: field(text, 'The language that the browser asks for, such as en-GB.'),
          browser_platform: field(text, 'The platform that the browser names.'),
          is_mobile_device: field(flag, 'Whether it is a phone or a tablet.'),
          is_verified_bot: field(flag, 'Whether it is a bot whose identity was verified.'),
        }),
      ),
    }),
  ),
  os: z.optional(
    z.strictObject({
      family: field(text, 'The operating system, such as iOS.'),
      full: field(text, 'The operating system with its version, such as iOS 17.5.'),
    }),
  ),
  client: z.optional(z.strictObject({ ip: field(address, 'The address of the end user: IPv4 or IPv6.') })),
  event: z.strictObject({
    action: described(z.enum(EVENT_ACTIONS), 'What happened.'),
    timezone: field(text, 'The time zone of the end user, such as Europe/London.'),
  }),
  geo: z.optional(
    z.strictObject({
      country_name: field(text, 'The country that the address lies in.'),
      region_name: field(text, 'The region that the address lies in.'),
    }),
  ),
  url: z.optional(
    z.strictObject({
      full: field(longText, 'The page, with its query.'),
      domain: field(text, 'The host of the page.'),
    }),
  ),
  service: z.optional(
    z.strictObject({ environment: field(text, 'The environment of the application, such as production.') }),
  ),
  label: z.strictObject({
    app_type: described(z.enum(APPLICATIONS), 'The application that published the event.'),
    customer_id: field(text, 'The customer of the platform.'),
    business_group: field(text, 'The business group of the customer, by its name.'),
    business_group_id: field(text, 'The business group of the customer, by its id.'),
    deploy_timestamp: field(text, 'When the process was deployed.'),
    is_co_browsing_on: field(flag, 'Whether somebody else sees the page and helps.'),
    master_rid: field(text, 'The request that this one belongs to.'),
    page_analytics_id: field(text, 'The page, by its id for analytics.'),
    page_index: field(text, 'The place of the page in the process.'),
    page_name: field(text, 'The page, by its name.'),
    process_id: field(text, 'The process, by its id.'),
    process_multi_language: field(text, 'The language of the process.'),
    request_id: field(text, 'The HTTP request, by its id.'),
    rid: field(text, 'The request: one run through the process.'),
    role: field(text, 'The role of the user.'),
    source_type: field(text, 'How the link was sent, such as SMS.'),
    source_value: field(text, 'Where the link was sent, such as a telephone number.'),
    step_id: field(text, 'The step, by its id.'),
    step_index: field(text, 'The place of the step in the process.'),
    web_flow_name: field(text, 'The process, by its name.'),
    webflow_id: field(text, 'The web flow, by its id.'),
    player_version: field(text, 'The version of the Player.'),
    authentication_method: field(text, 'How the user authenticates, such as OTP or SAML.'),
    authentication_status: field(text, 'What the authentication provider says of it.'),
    auth_action: field(text, 'What the user did on the page of the one-time password.'),
    auth_page: field(text, 'The page of the one-time password.'),
  }),
});

export type SecurityLog = z.infer<typeof securityLogSchema>;
