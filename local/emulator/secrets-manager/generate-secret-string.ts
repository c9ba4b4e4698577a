import { randomInt } from 'node:crypto';
import * as z from 'zod/mini';

/**
 * How Secrets Manager generates a secret; options that no template here uses are refused by name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 */
export const generateSecretStringSchema = z.strictObject({
  PasswordLength: z._default(z.int().check(z.gte(1), z.lte(4096)), 32),
  ExcludePunctuation: z._default(z.boolean(), false),
});

const KINDS = ['abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '0123456789'];
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** @throws Error if there are fewer characters than kinds of them: each kind occurs */
export function generateSecretString({
  PasswordLength: length,
  ExcludePunctuation,
}: z.infer<typeof generateSecretStringSchema>): string {
  const kinds = ExcludePunctuation ? KINDS : [...KINDS, PUNCTUATION];
  if (length < kinds.length) {
    throw new Error(`no secret of ${length} characters can be generated from ${kinds.length} types of them`);
  }
  const all = kinds.join('');
  for (;;) {
    const secret = Array.from({ length }, () => all.charAt(randomInt(all.length)));
    if (kinds.every((kind) => secret.some((character) => kind.includes(character)))) return secret.join('');
  }
}
