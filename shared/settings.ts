import * as z from 'zod/mini';
import { explain } from './errors.ts';
import { EVENT_ACTIONS, EVENT_GROUPS, type EventAction, type EventGroup } from './event-actions.ts';

/**
 * The customer's configuration (contract section 6), `settings.json`: validated when the app is synthesized. The text
 * of an error in this schema says what is accepted; `readSettings` puts the setting and its value before it.
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

const text = (pattern: RegExp, accepted: string, description: string) =>
  z.string(accepted).check(z.regex(pattern, accepted), z.describe(description));

const secretArn = text(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
  'the ARN of a secret in Secrets Manager',
  'A secret in Secrets Manager whose string is the value.',
);

/** Whether a custom service at this URL may be reached at all: by https, or by http where its host was allowed. */
function mayBeReached({
  url,
  allowedPrivateHosts = [],
}: {
  url: string;
  allowedPrivateHosts?: string[] | undefined;
}) {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  return parsed.protocol === 'https:' || allowedPrivateHosts.includes(parsed.hostname);
}

const httpsServiceSchema = z
  .strictObject({
    type: z.literal('https'),
    url: text(/^https?:\/\/[^\s]+$/, 'an https URL', 'Where each log is posted.'),
    headers: z.optional(
      z
        .record(z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'names of HTTP headers')), secretArn)
        .check(
          z.describe(
            'Further request headers, as Authorization: the ARN of the secret that holds the value of each.',
          ),
        ),
    ),
    allowedPrivateHosts: z.optional(
      z
        .array(z.string('a host name or address').check(z.minLength(1)))
        .check(
          z.describe(
            'Hosts that may have a private, loopback or link-local address, and that may be reached by http.',
          ),
        ),
    ),
  })
  .check(
    z.refine(mayBeReached, {
      path: ['url'],
      error: 'an https URL without credentials; http only to a host in allowedPrivateHosts',
    }),
  );

const lambdaServiceSchema = z.strictObject({
  type: z.literal('lambda'),
  functionArn: text(
    /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
    'the ARN of a Lambda function',
    'The function that is invoked with each log.',
  ),
});

const fileStoreServiceSchema = z.strictObject({
  type: z.literal('file-store'),
  bucket: text(
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    'the name of an S3 bucket',
    'The S3 bucket each log is written to.',
  ),
  prefix: z._default(
    text(/^([\w!.*'()-]+\/)*$/, 'a prefix that ends with /', 'What the keys of the files begin with.'),
    'security-logs/',
  ),
});

export const customServiceSchema = z.discriminatedUnion(
  'type',
  [httpsServiceSchema, lambdaServiceSchema, fileStoreServiceSchema],
  'a service of the type "https", "lambda" or "file-store"',
);
export type CustomService = z.infer<typeof customServiceSchema>;

const payloadSchema = z
  .enum(['text', 'file'], '"text" or "file"')
  .check(z.describe('"text": the log as textual JSON. "file": the log as a JSON file.'));
export type Payload = z.infer<typeof payloadSchema>;

/** What the deliver function is told: which service, and what it is given. */
export const deliverySchema = z.strictObject({
  method: z.literal('api-and-custom-service'),
  service: customServiceSchema,
  payload: z._default(payloadSchema, 'text'),
});
export type Delivery = z.infer<typeof deliverySchema>;

export const settingsSchema = z.strictObject(
  {
    $schema: z.optional(z.string()),
    events: z._default(eventsSchema, 'all'),
    delivery: z._default(
      z.discriminatedUnion(
        'method',
        [z.strictObject({ method: z.literal('api') }), deliverySchema],
        '{ "method": "api" }, or { "method": "api-and-custom-service", "service": ..., "payload": ... }',
      ),
      { method: 'api' },
    ),
    retentionHours: z._default(
      z
        .int('a whole number of hours from 1 to 8760')
        .check(
          z.minimum(1, 'a whole number of hours from 1 to 8760'),
          z.maximum(8760, 'a whole number of hours from 1 to 8760'),
          z.describe('How long a log can be read from its creation, in hours.'),
        ),
      48,
    ),
    publisherAccounts: z._default(
      z
        .array(text(/^\d{12}$/, 'the twelve digits of an AWS account', 'An AWS account.'))
        .check(z.describe('Other AWS accounts that may publish security events.')),
      [],
    ),
  },
  'an object',
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
  const wrong = result.error.issues.map((issue) => `  ${words(issue, value)}`);
  throw new Error(`wrong settings:\n${wrong.join('\n')}`);
}

function words(issue: z.core.$ZodIssue, settings: unknown): string {
  if (issue.code === 'invalid_union') {
    // Where one of the alternatives was meant but for a part of it, that part is what is wrong.
    const part = issue.errors.flat().find(({ path }) => path.length > 0);
    if (part) return words({ ...part, path: [...issue.path, ...part.path] }, settings);
  }
  const name = issue.path.join('.') || 'the settings';
  if (issue.code === 'unrecognized_keys')
    return `${name}: unknown ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  const received = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    settings,
  );
  return explain(name, received, issue.message);
}

/** The actions that `events` stands for, in the order of the contract. */
export function chosenActions(events: Settings['events']): EventAction[] {
  if (events === 'all') return [...EVENT_ACTIONS];
  const groups: Readonly<Record<string, readonly EventAction[]>> = EVENT_GROUPS;
  const chosen = new Set<string>(events.flatMap((name) => groups[name] ?? name));
  return EVENT_ACTIONS.filter((action) => chosen.has(action));
}
