import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';

/** Staging labels: `AWSCURRENT`, `AWSPREVIOUS`, and what a rotation calls its own. */
export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';

/** The given value of a secret, or its current and previous values. */
export const secretValueSchema = z.union([
  z.string(),
  z.strictObject({ current: z.string(), previous: z.optional(z.string()) }),
]);
export type SecretValue = z.infer<typeof secretValueSchema>;

/** The versions of a secret, by id, and the id of the version with each staging label. */
export const secretVersionsSchema = z.object({
  versions: z.record(z.string(), z.object({ value: z.string(), createdAt: z.number() })),
  stages: z.record(z.string(), z.string()),
});
export type SecretVersions = z.infer<typeof secretVersionsSchema>;

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly versions: SecretVersions;
}

/** Of a secret without a value. */
export const NO_VERSIONS: SecretVersions = { versions: {}, stages: {} };

export function versionsOf(value: SecretValue): SecretVersions {
  if (typeof value === 'string') return withValue(NO_VERSIONS, value);
  const { current, previous } = value;
  return withValue(previous === undefined ? NO_VERSIONS : withValue(NO_VERSIONS, previous), current);
}

/**
 * Adds a version. If it becomes the current one, the former current one becomes the previous one. Versions without a
 * label are deleted.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function withValue(
  { versions, stages }: SecretVersions,
  value: string,
  id: string = randomUUID(),
  labels: readonly string[] = [CURRENT],
): SecretVersions {
  const current = stages[CURRENT];
  const moved = labels.includes(CURRENT) && current !== undefined && current !== id;
  const labelled = {
    ...stages,
    ...(moved && { [PREVIOUS]: current }),
    ...Object.fromEntries(labels.map((label) => [label, id])),
  };
  return labelledOnly({ ...versions, [id]: { value, createdAt: Date.now() } }, labelled);
}

/** Removes a label, whichever version has it. */
export function withoutLabel({ versions, stages }: SecretVersions, label: string): SecretVersions {
  const { [label]: _, ...others } = stages;
  return labelledOnly(versions, others);
}

/** Versions without a label are deleted. */
function labelledOnly(
  versions: SecretVersions['versions'],
  stages: SecretVersions['stages'],
): SecretVersions {
  const live = new Set(Object.values(stages));
  const kept = Object.entries(versions).filter(([id]) => live.has(id));
  return { versions: Object.fromEntries(kept), stages };
}

/** @returns undefined if no version has this label, or the labelled one has another id */
export function findVersion(
  { versions, stages }: SecretVersions,
  stage: string | undefined,
  id: string = stages[stage ?? CURRENT] ?? '',
) {
  const version = versions[id];
  if (version === undefined || (stage !== undefined && stages[stage] !== id)) return undefined;
  return { id, ...version, stages: Object.keys(stages).filter((label) => stages[label] === id) };
}

/** The current value and, while there is one, the previous one. */
export const valuesInUse = (versions: SecretVersions = NO_VERSIONS): string[] =>
  [CURRENT, PREVIOUS].flatMap((stage) => findVersion(versions, stage)?.value ?? []);
