import { createHash, timingSafeEqual } from 'node:crypto';
import {
  GetSecretValueCommand,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import { followRotation } from './api-key-rotation.ts';
import type { HttpRequest } from './request.ts';

/** How often reading the API key is tried, which a caller waits for. */
export const SECRET_ATTEMPTS = 3;

/**
 * The API key that a caller sent (docs/contract.md#reading-logs): in `apiKey` if that header is there, else in
 * `X-Api-Key`, else in `Authorization: Bearer`. The first header that is there counts, even if it is empty or wrong:
 * nobody can tell which key was meant.
 */
export function sentApiKey(request: Pick<HttpRequest, 'header'>): string | undefined {
  return (
    request.header('apiKey') ??
    request.header('X-Api-Key') ??
    /^bearer +(.+)$/i.exec(request.header('Authorization') ?? '')?.[1]
  );
}

/**
 * Checks the API key of a request (docs/contract.md#reading-logs). The key is cached. An unknown key may mean that the
 * key was rotated, so it is read again. If reading fails, the cached key stays.
 *
 * @param readKey reads the key from where it is kept
 * @param now epoch milliseconds
 * @returns a function that takes the key that a caller sent. It throws the same HttpError 401 for a missing and a wrong
 *   key. As long as no key was ever read, it throws what `readKey` throws
 */
export function apiKeyGuard(
  readKey: () => Promise<string>,
  now: () => number,
): (sent: string | undefined) => Promise<void> {
  const digest = followRotation(async () => sha256(await readKey()), now);

  return async (sent) => {
    if (sent === undefined) throw unauthorized();
    const sentDigest = sha256(sent);
    if (timingSafeEqual(sentDigest, await digest.current())) return;
    if (!timingSafeEqual(sentDigest, await digest.reread())) throw unauthorized();
  };
}

/** Digests have one length, so comparing them takes the same time for every key. */
const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();

const unauthorized = (): HttpError => new HttpError('unauthorized', SERVICE_ERRORS.unauthorized.message);

/**
 * Reads the API key from the secret that holds it.
 *
 * @param client decides how often, and for how long, reading is tried
 * @returns a function that throws StoreUnavailable if Secrets Manager fails, throttles or cannot be reached, and the
 *   error of Secrets Manager if it refuses the request, which is a fault of the service or of the account
 */
export function secretApiKey(client: SecretsManagerClient, secretId: string): () => Promise<string> {
  return async () => {
    const { SecretString } = await client
      .send(new GetSecretValueCommand({ SecretId: secretId }))
      .catch((error: unknown) => {
        if (isRefusal(error)) throw error;
        throw new StoreUnavailable('the secret of the API key could not be read', { cause: error });
      });
    if (!SecretString) throw new Error('the secret of the API key holds no text');
    return SecretString;
  };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof SecretsManagerServiceException &&
  error.$fault === 'client' &&
  !/throttl/i.test(error.name);
