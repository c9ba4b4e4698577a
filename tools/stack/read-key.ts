import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { namedKeys, parseKeySecret } from '../../shared/keys/key-secret.ts';
import type { AwsAddress } from './aws-address.ts';

/**
 * Reads a key of the API from the stack's secret.
 *
 * @param name of the key; without it, the first that opens the logs of every application
 * @throws Error that says which keys there are, if there is no such key
 */
export async function readKey(
  secretArn: string,
  name: string | undefined,
  address: AwsAddress,
): Promise<string> {
  const client = new SecretsManagerClient(address);
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    const keys = namedKeys(parseKeySecret(SecretString));
    const found = keys.find((key) =>
      name === undefined ? key.application === undefined : key.name === name,
    );
    if (found !== undefined) return found.key;
    const wanted = name === undefined ? 'no key for every application' : `no key ${name}`;
    throw new Error(`the secret has ${wanted}; it has: ${keys.map((key) => key.name).join(', ')}`);
  } finally {
    client.destroy();
  }
}
