import type { Deployment } from '../template/deployment.ts';
import { generateSecretString } from './generate-secret-string.ts';
import { secretType } from './resource.ts';
import { NO_VERSIONS, type SecretValue, versionsOf } from './secret.ts';
import { type InitialSecret, openSecrets, type SecretStore } from './secret-store.ts';

/**
 * Opens every secret of a template, and those beside it that its settings name.
 *
 * @param given values by ARN; they are as given at every start, whereas a value made up here is kept
 * @param file where the values made up here are kept; in memory without
 */
export function makeSecrets(
  deployment: Deployment,
  given: Readonly<Record<string, SecretValue>>,
  file?: string,
): Promise<SecretStore> {
  const made = deployment.all(secretType).filter(({ arn }) => !Object.hasOwn(given, arn));
  const initial: InitialSecret[] = [
    ...Object.entries(given).map(([arn, value]) => ({
      arn,
      name: nameIn(arn),
      kept: false,
      begin: () => versionsOf(value),
    })),
    ...made.map(({ arn, name, properties }) => ({
      arn,
      name,
      kept: true,
      begin: () => {
        const { GenerateSecretString: how } = properties;
        return how === undefined ? NO_VERSIONS : versionsOf(generateSecretString(how));
      },
    })),
  ];
  return openSecrets(initial, file);
}

/** The name of a secret, without what Secrets Manager ends every ARN with: a hyphen and six characters. */
const nameIn = (arn: string): string => (arn.split(':').at(-1) ?? arn).replace(/-\w{6}$/, '');
