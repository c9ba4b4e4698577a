import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { MINUTE, SECOND } from '../../shared/time.ts';
import { type CachePolicy, cachedSecret } from '../cached-secret.ts';
import { errorName } from '../error-name.ts';
import { DeliveryFault } from './reason.ts';
import { checkHeaderValue, checkSigningSecret, isSigningSecret } from './secret-values.ts';

/** A secret that failed or was denied is read again soon: somebody may be mending or rotating it. */
const POLICY: CachePolicy = { freshMs: 5 * MINUTE, retryMs: 10 * SECOND, firstRetryMs: 10 * SECOND };

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html */
type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

export interface DeliverySecrets {
  /**
   * The current version of the signing secret, and the previous one if it exists and is valid.
   *
   * @throws DeliveryFault
   */
  readonly signingSecrets: () => Promise<readonly string[]>;
  /**
   * The value of each header's secret, by the header's name.
   *
   * @throws DeliveryFault
   */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Lets the secrets be read again soon, because the service denied a request made with them. */
  readonly doubt: () => void;
}

export interface DeliverySecretsOptions {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  /** The ARN of the signing secret. */
  readonly signingSecret: string;
  /** The ARN of each header's secret, by the header's name. */
  readonly headerSecrets: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Is called for each reading that failed, also while older secrets are used. */
  readonly onFailure: (error: unknown) => void;
}

/** Reads and checks the secrets, so that an error names an unusable secret before a request fails with it. */
export function deliverySecrets(options: DeliverySecretsOptions): DeliverySecrets {
  const { client, signingSecret, headerSecrets, now, onFailure } = options;

  const read = async (what: string, SecretId: string, VersionStage: Stage): Promise<string | undefined> => {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
      return SecretString;
    } catch (error) {
      if (VersionStage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return undefined;
      throw new DeliveryFault(`${what} (${VersionStage}) could not be read: ${errorName(error)}`);
    }
  };

  const signing = cachedSecret(
    async () => {
      const [current, previous] = await Promise.all([
        read('the signing secret', signingSecret, 'AWSCURRENT'),
        read('the signing secret', signingSecret, 'AWSPREVIOUS'),
      ]);
      const usable = checkSigningSecret(current);
      // The previous version is invalid if the current one corrected a mistake.
      return previous !== undefined && isSigningSecret(previous) ? [usable, previous] : [usable];
    },
    POLICY,
    now,
    onFailure,
  );

  const headers = cachedSecret(
    async () => {
      const values = Object.entries(headerSecrets).map(async ([name, arn]) => {
        const value = await read(`the secret of the header ${name}`, arn, 'AWSCURRENT');
        return [name, checkHeaderValue(name, value)] as const;
      });
      return Object.fromEntries(await Promise.all(values));
    },
    POLICY,
    now,
    onFailure,
  );

  return {
    signingSecrets: signing.get,
    headers: headers.get,
    doubt() {
      signing.doubt();
      headers.doubt();
    },
  };
}
