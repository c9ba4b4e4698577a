import * as z from 'zod/mini';
import { EVENT_ACTIONS } from './event/actions.ts';
import { parseJson } from './parse-json.ts';
import { ocsfUserSchema } from './settings/ocsf-user.ts';
import { personalDataSchema } from './settings/personal-data.ts';
import { CUSTOM_SERVICE_KINDS } from './status/service-status.ts';

/**
 * The environment variables of each function. Each name is written here once; `infra/` sets it, and the handler reads
 * it once, at start. No value has a default: a function whose variable is missing does not start.
 */

const name = z.string().check(z.minLength(1));
const trueOrFalse = z.pipe(
  z.enum(['true', 'false']),
  z.transform((value) => value === 'true'),
);
const json = z.pipe(
  z.string(),
  z.transform((value) => parseJson(value)),
);
/** The `ocsfUser` of the settings (shared/settings/schema.ts), as JSON. */
const ocsfUser = z.pipe(json, ocsfUserSchema);
/** The names of the keys that `consumers` of the settings registers, as JSON. */
const consumerKeys = z.pipe(json, z.array(z.string()));
const positiveInteger = z.coerce.number().check(z.int(), z.positive());

export const ingestEnvironmentSchema = z.object({
  /** The DynamoDB table of logs. */
  TABLE_NAME: name,
  /** The bus on which rejections and, if wanted, stored logs are announced. */
  EVENT_BUS_NAME: name,
  /** Whether stored logs are announced; rejections always are. */
  ANNOUNCE_STORED_LOGS: trueOrFalse,
  /** How long a log can be read, in hours from its creation. */
  RETENTION_HOURS: positiveInteger,
  /** The queue of requests to resolve slots of the feed. By it the function knows a batch of requests from one of events. */
  RESOLVE_QUEUE_ARN: name,
  /** The `personalData` of the settings (shared/settings/schema.ts), as JSON. */
  PERSONAL_DATA: z.pipe(json, personalDataSchema),
  /** The ARN of the secret that holds the key of the hashes; empty if nothing is hashed. */
  HASH_KEY_SECRET_ARN: z.string(),
});

export const queryEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  /** The ARN of the secret that holds the API key. */
  API_KEY_SECRET_ARN: name,
  /** The longest time from a request to the last byte of its answer, milliseconds (docs/contract.md#reading-logs). */
  RESPONSE_TIMEOUT_MS: positiveInteger,
  /** How many bytes of compressed documents one request may hold in memory. */
  COLLECT_MEMORY_BYTES: positiveInteger,
  /** Who the user of an authentication is in OCSF. */
  OCSF_USER: ocsfUser,
  CONSUMER_KEYS: consumerKeys,
});

export const feedEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  API_KEY_SECRET_ARN: name,
  /** The queue through which the ingest function is asked to resolve slots. */
  RESOLVE_QUEUE_URL: name,
  OCSF_USER: ocsfUser,
  CONSUMER_KEYS: consumerKeys,
});

export const deliveriesEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  API_KEY_SECRET_ARN: name,
  /** Whether there is a custom service that logs are delivered to. */
  HAS_CUSTOM_SERVICE: trueOrFalse,
});

export const statusEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  API_KEY_SECRET_ARN: name,
  /** The version of the package. */
  VERSION: name,
  INGEST_QUEUE_URL: name,
  CUSTOM_SERVICE: z.enum(CUSTOM_SERVICE_KINDS),
  /** The ids of the event source mappings of the delivery, with commas between; this and what follows is empty without one. */
  DELIVERY_MAPPING_IDS: z.string(),
  DELIVERY_QUEUE_URL: z.string(),
  DELIVERY_RETRY_QUEUE_URL: z.string(),
  DELIVERY_DEAD_LETTER_QUEUE_URL: z.string(),
});

export const deliverEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  /** The `delivery` of the settings (shared/settings/schema.ts), as JSON. */
  DELIVERY: name,
  /** The wait before the second attempt to deliver a log, milliseconds; later waits are longer. */
  FIRST_RETRY_MS: positiveInteger,
  /** The longest wait before a further attempt, milliseconds, unless the service asks for a longer one. */
  LONGEST_RETRY_MS: positiveInteger,
  /** The queue in which logs that were not delivered wait for their next attempt. */
  RETRY_QUEUE_URL: name,
  DEAD_LETTER_QUEUE_URL: name,
  /** The ARN of the secret that signs the requests to an https service; empty for other services. */
  SIGNING_SECRET_ARN: z.string(),
  OCSF_USER: ocsfUser,
});

export const archiveEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  /** The `delivery` of the settings (shared/settings/schema.ts), as JSON: a file store with `batch`. */
  DELIVERY: name,
  /** About how many bytes a file holds at most, before it is compressed. */
  MAX_BATCH_BYTES: positiveInteger,
  /** How long a stored log waits for others at most, milliseconds. */
  MAX_BATCH_AGE_MS: positiveInteger,
  OCSF_USER: ocsfUser,
});

export const canaryEnvironmentSchema = z.object({
  /** The addresses of get-security-logs and of the feed. */
  API_URL: name,
  FEED_URL: name,
  API_KEY_SECRET_ARN: name,
  /** The key of the secret that it reads with. */
  API_KEY_NAME: name,
  /** Where it publishes. */
  EVENT_BUS_NAME: name,
  /** The action of its events, which the settings choose. */
  ACTION: z.enum(EVENT_ACTIONS),
  /** How long its log may take until it can be read, milliseconds. */
  READABLE_WITHIN_MS: positiveInteger,
});

export type IngestEnvironment = z.infer<typeof ingestEnvironmentSchema>;
export type QueryEnvironment = z.infer<typeof queryEnvironmentSchema>;
export type FeedEnvironment = z.infer<typeof feedEnvironmentSchema>;
export type DeliveriesEnvironment = z.infer<typeof deliveriesEnvironmentSchema>;
export type StatusEnvironment = z.infer<typeof statusEnvironmentSchema>;
export type DeliverEnvironment = z.infer<typeof deliverEnvironmentSchema>;
export type ArchiveEnvironment = z.infer<typeof archiveEnvironmentSchema>;
export type CanaryEnvironment = z.infer<typeof canaryEnvironmentSchema>;

/** The variables that `infra/` must set for a function: the same names, as strings. */
export type EnvironmentVariables<E> = { [K in keyof E]: string };

/**
 * Reads a function's environment.
 *
 * @param schema one of the schemas above
 * @param variables usually `process.env`
 * @throws Error that names each variable that is missing or wrong, without its value
 */
export function readEnvironment<E>(schema: z.ZodMiniType<E>, variables: NodeJS.ProcessEnv): E {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment variables missing or wrong: ${wrong.join('; ')}`);
}
