import {
  GetSecretValueCommand,
  type SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { StoreUnavailable } from '../../shared/errors.ts';

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
