import { createHmac, createSecretKey } from 'node:crypto';

/** The HMAC-SHA-256 of a text in UTF-8, 64 digits of lower-case hexadecimal. */
export type KeyedDigest = (value: string) => string;

/** The shortest key: as many characters as SHA-256 has bytes (RFC 2104, section 3). */
const LEAST_KEY_LENGTH = 32;

/** The string of the secret is too short to be a key, or there is none. */
export class UnusableHashKey extends Error {
  override readonly name = 'UnusableHashKey';
}

/**
 * @param key the string of the secret; its UTF-8 is the key
 * @throws UnusableHashKey if the key has fewer than 32 characters
 */
export function keyedDigest(key: string | undefined): KeyedDigest {
  if (key === undefined || key.length < LEAST_KEY_LENGTH)
    throw new UnusableHashKey(`the secret of the hash key has no string of ${LEAST_KEY_LENGTH} characters`);
  const secret = createSecretKey(key, 'utf8');
  return (value) => createHmac('sha256', secret).update(value).digest('hex');
}
