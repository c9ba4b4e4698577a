import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** How long secrets that were read are used before they are read again, milliseconds. */
const FRESH_MS = 5 * 60_000;

type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

export interface DeliverySecrets {
  /** The current and, while there is one, the previous version of the signing secret. */
  readonly signingSecrets: () => Promise<readonly string[]>;
  /** Each header with the value of its secret. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

/**
 * @param headerSecrets the ARN of each header's secret
 * @param now epoch milliseconds
 */
export function deliverySecrets(
  client: SecretsManagerClient,
  signingSecret: string,
  headerSecrets: Readonly<Record<string, string>>,
  now: () => number,
): DeliverySecrets {
  const read = async (SecretId: string, VersionStage: Stage = 'AWSCURRENT'): Promise<string> => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    return SecretString;
  };
  return {
    signingSecrets: cached(async () => {
      const previous = read(signingSecret, 'AWSPREVIOUS').catch((error) => {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      });
      const secrets = await Promise.all([read(signingSecret), previous]);
      return secrets.filter((secret) => secret !== undefined);
    }, now),
    headers: cached(async () => {
      const values = Object.entries(headerSecrets).map(
        async ([name, arn]) => [name, await read(arn)] as const,
      );
      return Object.fromEntries(await Promise.all(values));
    }, now),
  };
}

/** Reads once in a while; what was read before is used while reading fails. */
function cached<T>(read: () => Promise<T>, now: () => number): () => Promise<T> {
  let value: T | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (value !== undefined && now() - readAt < FRESH_MS) return value;
    try {
      value = await read();
      readAt = now();
    } catch (error) {
      if (value === undefined) throw error;
    }
    return value;
  };
}
