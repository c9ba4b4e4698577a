import * as z from 'zod/mini';
import { APPLICATIONS } from '../event/bus-events.ts';
import { parseJson } from '../parse-json.ts';
import { UnknownVersion } from '../unknown-version.ts';

/**
 * The text of the secret that holds the keys of the API (docs/contract.md#keys): one key as it is, or a document of
 * named keys. A text that begins with `{` is a document.
 */

/** The name of the only key of a secret that is no document. */
export const DEFAULT_KEY_NAME = 'default';

/** The shortest key that a document may hold, characters. Generated keys have 48. */
const SHORTEST_KEY = 32;

export const ACCEPTED_KEY_NAME = 'lower-case letters, digits and hyphens, 63 characters at most';
export const keyNameSchema = z
  .string(ACCEPTED_KEY_NAME)
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,62}$/, ACCEPTED_KEY_NAME));

const keyText = z.string().check(z.minLength(SHORTEST_KEY, `at least ${SHORTEST_KEY} characters`));

const namedKeySchema = z.strictObject({
  name: keyNameSchema,
  key: keyText,
  /** The only application whose logs the key opens. Without it, the key opens the logs of all. */
  application: z.optional(z.enum(APPLICATIONS)),
  /** What the key was before its rotation. It opens the API before `until`; without it, until the next rotation. */
  previous: z.optional(z.strictObject({ key: keyText, until: z.optional(z.iso.datetime()) })),
});

/** A key with its name. */
export type NamedKey = z.infer<typeof namedKeySchema>;

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** The version of a document of keys. */
const VERSION = 1;

const documentSchema = z.strictObject({
  version: z.literal(VERSION, `this release reads version ${VERSION}`),
  keys: z.array(namedKeySchema).check(
    z.minLength(1),
    z.refine((keys) => isUnique(keys.map(({ name }) => name)), 'each name once'),
    z.refine(
      (keys) => isUnique(keys.flatMap(({ key, previous }) => (previous ? [key, previous.key] : [key]))),
      'each key once',
    ),
  ),
});

export type KeySecret =
  | { readonly kind: 'single'; readonly key: string }
  | { readonly kind: 'document'; readonly keys: readonly NamedKey[] };

/** Whether the text of a secret is a document of keys. */
export const isKeyDocument = (text: string): boolean => text.startsWith('{');

/**
 * @param text the secret's string
 * @throws UnknownVersion if a later release wrote the document
 * @throws Error that says what is wrong, and repeats nothing of the text, if it is empty, or a document that cannot be
 *   read
 */
export function parseKeySecret(text: string): KeySecret {
  if (text === '') throw new Error('the secret of the API key is empty');
  if (!isKeyDocument(text)) return { kind: 'single', key: text };
  const document = parseJson(text);
  const given = z.looseObject({ version: z.number() }).safeParse(document);
  if (given.success && given.data.version > VERSION)
    throw new UnknownVersion('the document of API keys', given.data.version, [VERSION]);
  const result = documentSchema.safeParse(document);
  if (result.success) return { kind: 'document', keys: result.data.keys };
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the text'}: ${message}`);
  throw new Error(`the document of API keys cannot be read: ${wrong.join('; ')}`);
}

/** Writes named keys as a document that `parseKeySecret` reads. @throws Error if they cannot be one */
export function formatKeyDocument(keys: readonly NamedKey[]): string {
  const text = JSON.stringify({ version: VERSION, keys });
  parseKeySecret(text);
  return text;
}

/** Which keys a secret has, by their names. */
export const namedKeys = (secret: KeySecret): readonly NamedKey[] =>
  secret.kind === 'document' ? secret.keys : [{ name: DEFAULT_KEY_NAME, key: secret.key }];
