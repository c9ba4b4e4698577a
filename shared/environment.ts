import * as z from 'zod/mini';

/**
 * The environment of each function: every name is written here once, set by `infra/` and read once, at start,
 * by the function's handler. No value has a default: a function that is not told does not start.
 */

const name = z.string().check(z.minLength(1));
const trueOrFalse = z.pipe(
  z.enum(['true', 'false']),
  z.transform((value) => value === 'true'),
);
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
});

export const queryEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  /** The ARN of the secret that holds the API key. */
  API_KEY_SECRET_ARN: name,
  /** How long a request may take until its last byte, in milliseconds (docs/contract.md#reading-logs: 55,000). */
  RESPONSE_TIMEOUT_MS: positiveInteger,
  /** How many bytes of compressed documents one request may hold in memory. */
  COLLECT_MEMORY_BYTES: positiveInteger,
});

export const deliverEnvironmentSchema = z.object({
  TABLE_NAME: name,
  RETENTION_HOURS: positiveInteger,
  /** The `delivery` of the settings (settings.ts), as JSON. */
  DELIVERY: name,
  /** How long a log that was not delivered waits for its second attempt, milliseconds; later it waits longer. */
  FIRST_RETRY_MS: positiveInteger,
  /** How long it waits for any further attempt at most, milliseconds, unless the service asks for more. */
  LONGEST_RETRY_MS: positiveInteger,
  /** Where logs that were not delivered wait for their next attempt. */
  RETRY_QUEUE_URL: name,
  DEAD_LETTER_QUEUE_URL: name,
  /** The ARN of the secret that an https service's requests are signed with; empty for the others. */
  SIGNING_SECRET_ARN: z.string(),
});

export type IngestEnvironment = z.infer<typeof ingestEnvironmentSchema>;
export type QueryEnvironment = z.infer<typeof queryEnvironmentSchema>;
export type DeliverEnvironment = z.infer<typeof deliverEnvironmentSchema>;

/** What `infra/` must set for a function: the same names, as strings. */
export type EnvironmentVariables<E> = { [K in keyof E]: string };

/**
 * Reads a function's environment.
 *
 * @param schema one of the schemas above
 * @param variables usually `process.env`
 * @throws Error naming each variable that is missing or wrong; values are not shown
 */
export function readEnvironment<E>(schema: z.ZodMiniType<E>, variables: NodeJS.ProcessEnv): E {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`environment variables missing or wrong: ${wrong.join('; ')}`);
}
