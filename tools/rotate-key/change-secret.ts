import { randomInt } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { isKeyDocument, parseKeySecret } from '../../shared/keys/key-secret.ts';
import type { AwsAddress } from '../stack/aws-address.ts';
import { changeKeys, type KeyChange } from './change-keys.ts';

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/**
 * Changes the keys in the stack's secret. Two changes at once may overwrite each other.
 *
 * @returns what was done, in words without a key
 * @throws Error if nothing was changed, or if the old value could not be revoked, which the message says
 */
export async function changeSecret(
  secretArn: string,
  change: KeyChange,
  address: AwsAddress,
): Promise<string> {
  const client = new SecretsManagerClient(address);
  try {
    const current = parseKeySecret((await read(client, secretArn, CURRENT))?.text ?? '');
    const before = (await read(client, secretArn, PREVIOUS))?.text;
    const previous = before !== undefined && !isKeyDocument(before) ? before : undefined;
    const { text, revokesPrevious, done } = changeKeys(current, previous, change, generateKey());
    await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: text }));
    if (revokesPrevious) await revokePrevious(client, secretArn);
    return done;
  } finally {
    client.destroy();
  }
}

/** Removes the label of the previous version, which makes Secrets Manager delete it in time. */
async function revokePrevious(client: SecretsManagerClient, SecretId: string): Promise<void> {
  try {
    const previous = await read(client, SecretId, PREVIOUS);
    if (previous === undefined) return;
    const { versionId: RemoveFromVersionId } = previous;
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: PREVIOUS, RemoveFromVersionId }),
    );
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`the key has a new value, but the old one is NOT revoked; run this again: ${message}`, {
      cause,
    });
  }
}

/** @returns undefined if the secret has no such version */
async function read(client: SecretsManagerClient, SecretId: string, VersionStage: string) {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    return { text: answer.SecretString ?? '', versionId: answer.VersionId };
  } catch (error) {
    if (VersionStage === PREVIOUS && error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** As long as the key that a deployment generates, of the same characters (infra/api-key.ts). */
const generateKey = (): string =>
  Array.from({ length: 48 }, () => CHARACTERS.charAt(randomInt(CHARACTERS.length))).join('');
