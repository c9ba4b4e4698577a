import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';

/**
 * How Secrets Manager makes a secret of its own.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 */
export const generateSecretStringSchema = z.strictObject({
  PasswordLength: z._default(z.int().check(z.gte(1), z.lte(4096)), 32),
  ExcludeCharacters: z._default(z.string(), ''),
  ExcludeLowercase: z._default(z.boolean(), false),
  ExcludeNumbers: z._default(z.boolean(), false),
  ExcludePunctuation: z._default(z.boolean(), false),
  ExcludeUppercase: z._default(z.boolean(), false),
  IncludeSpace: z._default(z.boolean(), false),
  RequireEachIncludedType: z._default(z.boolean(), true),
  /** A JSON object into which the password goes, under the key. */
  SecretStringTemplate: z.optional(z.string()),
  GenerateStringKey: z.optional(z.string()),
});
export type GenerateSecretString = z.infer<typeof generateSecretStringSchema>;

/** @throws Error if nothing is left to choose characters from, or there are more types than characters */
export function generateSecretString(properties: GenerateSecretString): string {
  const password = randomPassword(properties);
  const { SecretStringTemplate: template, GenerateStringKey: key } = properties;
  if (template === undefined || key === undefined) return password;
  return JSON.stringify({ ...JSON.parse(template), [key]: password });
}

function randomPassword(properties: GenerateSecretString): string {
  const { PasswordLength: length, ExcludeCharacters: excluded, RequireEachIncludedType: each } = properties;
  const types = [
    properties.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    properties.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    properties.ExcludeNumbers ? '' : '0123456789',
    properties.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    properties.IncludeSpace ? ' ' : '',
  ]
    .map((type) => [...type].filter((character) => !excluded.includes(character)))
    .filter((type) => type.length > 0);
  const all = types.flat();
  if (all.length === 0 || (each && types.length > length)) {
    throw new Error(`no secret of ${length} characters can be generated from ${types.length} types of them`);
  }

  const required = each ? types.map(oneOf) : [];
  const rest = Array.from({ length: length - required.length }, () => oneOf(all));
  return shuffled([...required, ...rest]).join('');
}

const oneOf = (characters: readonly string[]): string => characters[randomInt(characters.length)] ?? '';

function shuffled(characters: readonly string[]): string[] {
  const left = [...characters];
  return characters.map(() => left.splice(randomInt(left.length), 1)[0] ?? '');
}
