import { type KeyedDigest, keyedDigest } from '../../shared/log/keyed-digest.ts';
import { logProtector, type PersonalData, type ProtectLog } from '../../shared/log/personal-data.ts';
import { MINUTE } from '../../shared/time.ts';
import { untilAborted } from '../../shared/until-aborted.ts';
import { type CachePolicy, cachedSecret } from '../cached-secret.ts';

/** Drops and hashes fields before logs are stored (docs/personal-data.md). */

/** While the key was never read, each batch tries to read it. */
const POLICY: CachePolicy = { freshMs: 5 * MINUTE, retryMs: MINUTE, firstRetryMs: 0 };

/**
 * Gives what makes logs ready to be stored.
 *
 * @throws if the key of the hashes was never read, and cannot be read before the signal aborts: then no log may be stored
 */
export type OpenProtection = (signal: AbortSignal) => Promise<ProtectLog>;

const noDigest: KeyedDigest = () => {
  throw new Error('no field is hashed');
};

/**
 * @param readKey reads the string of the secret; it is called only if a field is hashed
 * @param now epoch milliseconds
 * @returns undefined if the settings name no field: then nothing is done to a log
 */
export function protection(
  personalData: PersonalData,
  readKey: () => Promise<string | undefined>,
  now: () => number,
): OpenProtection | undefined {
  const { drop, hash } = personalData;
  if (hash.length === 0) {
    if (drop.length === 0) return undefined;
    const protect = logProtector(personalData, noDigest);
    return async () => protect;
  }
  const protector = cachedSecret(
    async () => logProtector(personalData, keyedDigest(await readKey())),
    POLICY,
    now,
  );
  return (signal) => untilAborted(signal, protector.get);
}
