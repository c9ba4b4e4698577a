import { MINUTE } from '../../shared/time.ts';
import { type CachePolicy, cachedSecret } from '../cached-secret.ts';

/** The key is read again every five minutes. While it was never read, each request tries to read it. */
const POLICY: CachePolicy = { freshMs: 5 * MINUTE, retryMs: 5 * MINUTE, firstRetryMs: 0 };
/** An unknown key leads to another reading only if the latest one is as old as this, so that guessing costs no reads. */
const REREAD_MS = MINUTE;

/** The API key as far as this process knows it. Both functions throw what reading throws, as long as it was never read. */
export interface RotatedKey<Key> {
  /** The key, at most five minutes old unless reading fails. */
  current(): Promise<Key>;
  /** The key after a caller sent another one, which may mean that it was rotated: at most a minute old. */
  reread(): Promise<Key>;
}

/**
 * Follows the API key through its rotation. The old key opens the API for five minutes after a rotation at most, and the
 * new one within a minute.
 *
 * @param now epoch milliseconds
 */
export function followRotation<Key>(read: () => Promise<Key>, now: () => number): RotatedKey<Key> {
  const key = cachedSecret(read, POLICY, now);
  return { current: () => key.get(), reread: () => key.get(REREAD_MS) };
}
