import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { errorName } from '../error-name.ts';
import { DeliveryFault } from './reason.ts';
import { refreshing } from './refreshing.ts';
import { checkHeaderValue, checkSigningSecret, isSigningSecret } from './secret-values.ts';

type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

export interface DeliverySecrets {
  /**
   * The current and, while there is one that can be used, the previous version of the signing secret.
   *
   * @throws DeliveryFault
   */
  readonly signingSecrets: () => Promise<readonly string[]>;
  /**
   * Each header with the value of its secret.
   *
   * @throws DeliveryFault
   */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** The service did not take what was made with them: they are read again soon. */
  readonly doubt: () => void;
}

export interface DeliverySecretsOptions {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  /** An ARN. */
  readonly signingSecret: string;
  /** The ARN of each header's secret. */
  readonly headerSecrets: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Is told why secrets could not be read, also where older ones are used meanwhile. */
  readonly onFailure: (error: unknown) => void;
}

/** Reads the secrets, and checks them: one that cannot be used is found by its name, before any request fails with it. */
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

  const signing = refreshing(
    async () => {
      const [current, previous] = await Promise.all([
        read('the signing secret', signingSecret, 'AWSCURRENT'),
        read('the signing secret', signingSecret, 'AWSPREVIOUS'),
      ]);
      const usable = checkSigningSecret(current);
      // After a mistake was mended, the previous version is the mistake.
      return previous !== undefined && isSigningSecret(previous) ? [usable, previous] : [usable];
    },
    now,
    onFailure,
  );

  const headers = refreshing(
    async () => {
      const values = Object.entries(headerSecrets).map(async ([name, arn]) => {
        const value = await read(`the secret of the header ${name}`, arn, 'AWSCURRENT');
        return [name, checkHeaderValue(name, value)] as const;
      });
      return Object.fromEntries(await Promise.all(values));
    },
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
