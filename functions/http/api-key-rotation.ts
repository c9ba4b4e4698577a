import {
  DEFAULT_KEY_NAME,
  isKeyDocument,
  type NamedKey,
  namedKeys,
  parseKeySecret,
} from '../../shared/keys/key-secret.ts';
import { MINUTE } from '../../shared/time.ts';
import { type CachePolicy, cachedSecret } from '../cached-secret.ts';

/**
 * The keys are read again every minute, so that a key that was revoked opens nothing a minute later. While they were
 * never read, each request tries to read them.
 */
const POLICY: CachePolicy = { freshMs: MINUTE, retryMs: MINUTE, firstRetryMs: 0 };

/** The version of the secret that counts, and the one before it. */
export type SecretStage = 'AWSCURRENT' | 'AWSPREVIOUS';

/** Reads the text of the secret, or undefined if it has no such version. */
export type ReadSecret = (stage: SecretStage) => Promise<string | undefined>;

/** The keys that open the API, as far as this process knows them: at most a minute old, unless reading fails. */
export interface KnownKeys<Key> {
  current(): Promise<readonly Key[]>;
  /**
   * What opens the API beside the current version of the secret: the key before a rotation, if both versions are a single
   * key. A document of keys says itself what opens the API.
   */
  previous(): Promise<readonly Key[]>;
}

/**
 * Follows the keys of the API through their rotation (docs/contract.md#keys). Both functions throw what reading throws,
 * as long as it never succeeded. Later the keys that were read last stay.
 *
 * @param prepare what a key is kept as
 * @param now epoch milliseconds
 */
export function followKeys<Key>(
  read: ReadSecret,
  prepare: (key: NamedKey) => readonly Key[],
  now: () => number,
): KnownKeys<Key> {
  const readCurrent = async () => {
    const secret = parseKeySecret((await read('AWSCURRENT')) ?? '');
    return { kind: secret.kind, keys: namedKeys(secret).flatMap(prepare) };
  };
  const readPrevious = async () => {
    const text = await read('AWSPREVIOUS');
    if (!text || isKeyDocument(text)) return [];
    return prepare({ name: DEFAULT_KEY_NAME, key: text });
  };
  const current = cachedSecret(readCurrent, POLICY, now);
  const previous = cachedSecret(readPrevious, POLICY, now);
  return {
    current: async () => (await current.get()).keys,
    previous: async () => ((await current.get()).kind === 'single' ? previous.get() : []),
  };
}
