import * as z from 'zod/mini';
import { explain } from '../errors.ts';
import { EVENT_ACTIONS, EVENT_GROUPS, type EventAction, type EventGroup } from '../event/actions.ts';
import { HOUR, SECOND } from '../time.ts';
import { accountSchema } from './account.ts';
import { apiSchema } from './api.ts';
import { canaryIsLetIn, canaryPassesFirewall, canarySchema, MOST_REQUESTS_OF_RUN } from './canary.ts';
import { canaryHidesNone, consumersSchema, warnsInTime } from './consumers.ts';
import { deliverySettingSchema } from './delivery.ts';
import { batchedFileStore } from './file-store.ts';
import { account, alarmTopicArn, busName, emailAddress, keyArn, stackName, whole } from './formats.ts';
import { functionsSchema, RESOLVE_CONCURRENCY, reservesEnough } from './functions.ts';
import { DEFAULT_OCSF_USER, ocsfUserSchema } from './ocsf-user.ts';
import { personalDataSchema } from './personal-data.ts';
import { eventArchiveSchema, ingestSchema, tableSchema } from './scale.ts';

/**
 * The customer's configuration, `infra/settings.json` (docs/contract.md#settings). It is validated when the app is
 * synthesized. The text of an error in this schema says what is accepted; `readSettings` adds the setting and its value.
 */

const GROUPS = Object.keys(EVENT_GROUPS) as [EventGroup, ...EventGroup[]];

const EVENTS = `actions (${EVENT_ACTIONS.join(', ')}) and groups (${GROUPS.join(', ')})`;

const eventsSchema = z
  .union(
    [z.literal('all'), z.array(z.enum([...EVENT_ACTIONS, ...GROUPS], EVENTS)).check(z.minLength(1, EVENTS))],
    `"all", or a list of ${EVENTS}`,
  )
  .check(
    z.describe(
      'Which events are logged: "all", or a list of actions and of groups, which stand for their actions.',
    ),
  );

const TOPIC_OR_EMAIL = '{ "topicArn": ... } or { "email": ... }';

const alarmsSchema = z
  .union(
    [z.strictObject({ topicArn: alarmTopicArn }), z.strictObject({ email: emailAddress })],
    TOPIC_OR_EMAIL,
  )
  .check(z.describe('Who is told of alarms: an SNS topic, or an e-mail address, for which a topic is made.'));
export type AlarmReceiver = z.infer<typeof alarmsSchema>;

const SETTINGS = {
  $schema: z.optional(z.string()),
  stackName: z._default(stackName, 'SecurityLogs'),
  busName: z._default(busName, 'security-events'),
  terminationProtection: z._default(
    z
      .boolean('true or false')
      .check(z.describe('Whether CloudFormation refuses to delete the stack, until this is false again.')),
    false,
  ),
  events: z._default(eventsSchema, 'all'),
  delivery: deliverySettingSchema,
  api: apiSchema,
  functions: functionsSchema,
  account: accountSchema,
  retentionHours: z._default(
    whole(1, 8760, 'hours', 'How long a log can be read from its creation, in hours.'),
    48,
  ),
  publisherAccounts: z._default(
    z
      .array(account('An AWS account.'))
      .check(z.describe('Other AWS accounts that may publish security events.')),
    [],
  ),
  announcements: z.optional(
    z
      .boolean('true or false')
      .check(
        z.describe(
          'Whether "Security Log Stored" is published on the bus for each log. By default only with a custom service that needs it.',
        ),
      ),
  ),
  page: z._default(
    z
      .boolean('true or false')
      .check(
        z.describe(
          'Whether the API serves the page on which people look at logs. It has no data: it asks for the API key.',
        ),
      ),
    false,
  ),
  personalData: z._default(personalDataSchema, { drop: [], hash: [] }),
  ocsfUser: z._default(ocsfUserSchema, DEFAULT_OCSF_USER),
  table: z._default(tableSchema, {}),
  ingest: z._default(ingestSchema, { concurrency: 50 }),
  eventArchive: z.optional(eventArchiveSchema),
  alarms: z.optional(alarmsSchema),
  canary: z.optional(canarySchema),
  consumers: consumersSchema,
  queueKmsKeyArn: z.optional(
    keyArn(
      "The KMS key that the messages in the queues are encrypted with, instead of account.kmsKeyArn or the one of SQS; the key's policy must let EventBridge use it.",
    ),
  ),
};

export const settingsSchema = z.strictObject(SETTINGS, 'an object').check(
  z.refine(({ announcements, delivery }) => announcements !== false || !runsOnAnnouncements(delivery), {
    path: ['announcements'],
    error:
      'true, or nothing: a custom service runs on what is announced; false goes with the method "api", or with files of many logs',
  }),
  z.refine(
    ({ delivery, retentionHours }) =>
      (batchedFileStore(delivery)?.batch.maxAgeSeconds ?? 0) * SECOND <= (retentionHours * HOUR) / 2,
    {
      path: ['delivery', 'service', 'batch', 'maxAgeSeconds'],
      error: 'at most half of retentionHours, so that no log expires before it is written',
    },
  ),
  z.refine(({ functions, ingest }) => reservesEnough(functions, ingest), {
    path: ['functions', 'ingest', 'reservedConcurrency'],
    error: `at least ingest.concurrency and ${RESOLVE_CONCURRENCY} more, which is what the queues of ingest use at most`,
  }),
  z.refine(canaryIsLetIn, {
    path: ['canary', 'vpc'],
    error:
      '{ "subnetIds": ..., "securityGroupIds": ... } with api.vpcEndpointIds or api.allowedAddresses: from elsewhere the canary does not reach the API',
  }),
  z.refine(warnsInTime, {
    path: ['consumers'],
    error:
      'silentAfterMinutes and behindAfterMinutes below retentionHours, so that an alarm comes before logs expire',
  }),
  z.refine(canaryHidesNone, {
    path: ['canary', 'key'],
    error:
      'the name of a key that no consumer has: requests of the canary would hide the silence of the consumer',
  }),
  z.refine(canaryPassesFirewall, {
    path: ['api', 'firewall', 'requestsPerFiveMinutes'],
    error: `at least ${MOST_REQUESTS_OF_RUN} for each run of the canary in five minutes`,
  }),
);

/** The settings with every default filled in. */
export type Settings = z.infer<typeof settingsSchema>;
/** What a customer writes. */
export type SettingsInput = z.input<typeof settingsSchema>;

/**
 * @param value the parsed JSON of the settings
 * @throws Error naming every setting that is wrong, its value and what is accepted
 */
export function readSettings(value: unknown): Settings {
  const result = settingsSchema.safeParse(value);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `  ${formatIssue(issue, value)}`);
  throw new Error(`wrong settings:\n${wrong.join('\n')}`);
}

function formatIssue(issue: z.core.$ZodIssue, settings: unknown): string {
  if (issue.code === 'invalid_union') {
    // If a part of the value is wrong in one of the alternatives, the error names that part.
    const part = issue.errors
      .flat()
      .find(({ path }) => path.length > 0 && valueAt(settings, [...issue.path, ...path]) !== undefined);
    if (part) return formatIssue({ ...part, path: [...issue.path, ...part.path] }, settings);
  }
  const name = issue.path.join('.') || 'the settings';
  if (issue.code === 'unrecognized_keys')
    return `${name}: unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  return explain(name, valueAt(settings, issue.path), issue.message);
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** Whether a service is handed each log when its announcement comes. Files of many logs are made of the feed. */
function runsOnAnnouncements(delivery: Settings['delivery']): boolean {
  return delivery.method !== 'api' && batchedFileStore(delivery) === undefined;
}

/** Whether each stored log is announced on the bus. By default it is only if a custom service needs it. */
export const announcesStoredLogs = ({ announcements, delivery }: Settings): boolean =>
  announcements ?? runsOnAnnouncements(delivery);

/** The actions that `events` selects, in the order of docs/contract.md#the-nine-events. */
export function chosenActions(events: Settings['events']): EventAction[] {
  if (events === 'all') return [...EVENT_ACTIONS];
  const groups: Readonly<Record<string, readonly EventAction[]>> = EVENT_GROUPS;
  const chosen = new Set<string>(events.flatMap((name) => groups[name] ?? name));
  return EVENT_ACTIONS.filter((action) => chosen.has(action));
}
