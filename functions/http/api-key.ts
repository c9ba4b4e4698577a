import { createHash, timingSafeEqual } from 'node:crypto';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import type { NamedKey } from '../../shared/keys/key-secret.ts';
import { followKeys, type ReadSecret } from './api-key-rotation.ts';
import type { Caller } from './caller.ts';
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

/** Who sent a key. It throws HttpError 401 if nobody has it, and 503 as StoreUnavailable if nobody can tell. */
export type IdentifyCaller = (sent: string | undefined) => Promise<Caller>;

/** A key as this process keeps it: the key itself is not kept. */
interface KnownKey {
  readonly digest: Buffer;
  readonly caller: Caller;
  /** Epoch milliseconds, exclusive. */
  readonly until: number;
}

/**
 * Finds out by its key who sent a request (docs/contract.md#keys). The keys are cached. The current ones are compared
 * first; what a rotation left is looked at only for another key. If reading fails, the cached keys stay.
 *
 * @param readSecret reads the secret from where it is kept
 * @param now epoch milliseconds
 * @returns a function that takes the key that a caller sent. It throws the same HttpError 401 for a missing and a wrong
 *   key. As long as the keys were never read, it throws what `readSecret` throws
 */
export function apiKeyGuard(readSecret: ReadSecret, now: () => number): IdentifyCaller {
  const keys = followKeys(readSecret, knownKeys, now);
  return async (sent) => {
    if (sent === undefined) throw unauthorized();
    const digest = sha256(sent);
    const caller =
      callerWith(digest, await keys.current(), now()) ?? callerWith(digest, await keys.previous(), now());
    if (caller === undefined) throw unauthorized();
    return caller;
  };
}

function knownKeys({ name: keyName, key, application, previous }: NamedKey): KnownKey[] {
  const caller = { keyName, application };
  const known = { digest: sha256(key), caller, until: Number.POSITIVE_INFINITY };
  if (previous === undefined) return [known];
  const { key: before, until } = previous;
  return [
    known,
    { ...known, digest: sha256(before), until: until === undefined ? known.until : Date.parse(until) },
  ];
}

/** Compares with every key, so that the time it takes does not tell which one was nearly right. */
function callerWith(digest: Buffer, keys: readonly KnownKey[], now: number): Caller | undefined {
  const same = keys.filter((key) => timingSafeEqual(key.digest, digest));
  return same.find(({ until }) => now < until)?.caller;
}

/** Digests have one length, so comparing them takes the same time for every key. */
const sha256 = (key: string): Buffer => createHash('sha256').update(key).digest();

const unauthorized = (): HttpError => new HttpError('unauthorized', SERVICE_ERRORS.unauthorized.message);

/**
 * Reads the keys of the API from the secret that holds them.
 *
 * @param client decides how often, and for how long, reading is tried
 * @returns a function that throws StoreUnavailable if Secrets Manager fails, throttles or cannot be reached, and the
 *   error of Secrets Manager if it refuses the request, which is a fault of the service or of the account. There need not
 *   be a previous version
 */
export function keySecret(client: SecretsManagerClient, secretId: string): ReadSecret {
  return async (stage) => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    const answer = await client.send(command).catch((error: unknown) => {
      if (stage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return undefined;
      if (isRefusal(error)) throw error;
      throw new StoreUnavailable('the secret of the API key could not be read', { cause: error });
    });
    if (answer === undefined) return undefined;
    if (!answer.SecretString) throw new Error('the secret of the API key holds no text');
    return answer.SecretString;
  };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof SecretsManagerServiceException &&
  error.$fault === 'client' &&
  !/throttl/i.test(error.name);
