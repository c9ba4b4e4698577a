import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { chooseKey } from '../../shared/keys/choose-key.ts';
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
    return chooseKey(SecretString, name).key;
  } finally {
    client.destroy();
  }
}
