import { createHash, timingSafeEqual } from 'node:crypto';
import { HttpError, SERVICE_ERRORS } from '../../shared/errors.ts';
import { headerValue } from './header-value.ts';

/** How long a key that was read is used before it is read again, milliseconds. */
const FRESH_MS = 5 * 60_000;
/** How soon after a read an unknown key may lead to another one, milliseconds: guessing must not cost us reads. */
const REREAD_MS = 60_000;

/**
 * The API key a caller sent (docs/contract.md#reading-logs): in `apiKey` if that header is there, else in
 * `X-Api-Key`, else in `Authorization: Bearer`. A header that is there counts, also if it is empty or wrong: which key
 * was meant is not for us to guess.
 */
export function sentApiKey(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  return (
    headerValue(headers, 'apikey') ??
    headerValue(headers, 'x-api-key') ??
    /^bearer +(.+)$/i.exec(headerValue(headers, 'authorization') ?? '')?.[1]
  );
}

/**
 * Checks the API key of a request (docs/contract.md#reading-logs). The key is cached; an unknown one is taken
 * as a sign that the key was rotated, and the cached value survives when reading fails.
 *
 * @param readKey reads the key from where it is kept
 * @param now epoch milliseconds
 * @returns a function that takes the key a caller sent. It throws HttpError 401, the same for a missing and a wrong key.
 *   As long as no key was ever read, it throws what `readKey` throws
 */
export function apiKeyGuard(
  readKey: () => Promise<string>,
  now: () => number,
): (sent: string | undefined) => Promise<void> {
  let digest: Buffer | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;

  const refresh = async (): Promise<void> => {
    triedAt = now();
    try {
      digest = sha256(await readKey());
    } catch (error) {
      if (digest === undefined) throw error;
    }
  };

  const matches = (sent: string): boolean => digest !== undefined && timingSafeEqual(sha256(sent), digest);

  return async (sent) => {
    if (sent === undefined) throw unauthorized();
    if (digest === undefined || now() - triedAt >= FRESH_MS) await refresh();
    if (matches(sent)) return;
    if (now() - triedAt >= REREAD_MS) await refresh();
    if (!matches(sent)) throw unauthorized();
  };
}

/** Digests have one length, so comparing them takes the same time for every key. */
const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();

const unauthorized = (): HttpError => new HttpError('unauthorized', SERVICE_ERRORS.unauthorized.message);
