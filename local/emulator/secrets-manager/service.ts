import type { RunningService, Service } from '../service.ts';
import { secretsManager } from './endpoint.ts';
import { generateSecretString } from './generate-secret-string.ts';
import { secretType } from './resource.ts';
import { NO_VERSIONS, versionsOf } from './secret.ts';
import { openSecrets, type SecretStore } from './secret-store.ts';

export interface RunningSecretsManager extends RunningService {
  readonly secrets: SecretStore;
}

/**
 * The secrets of a template, and others whose values are given. A given value is the same at every start; a generated
 * one is kept.
 */
export const secretsManagerService: Service<RunningSecretsManager> = {
  resourceTypes: [secretType],
  async start({ deployment, outputs, options, dataPath }) {
    const given = options.secrets?.(outputs) ?? {};
    const generated = deployment.all(secretType).filter(({ arn }) => !Object.hasOwn(given, arn));
    const initial = [
      ...Object.entries(given).map(([arn, value]) => ({ arn, versions: versionsOf(value), kept: false })),
      ...generated.map(({ arn, properties: { GenerateSecretString: how } }) => {
        return { arn, versions: how ? versionsOf(generateSecretString(how)) : NO_VERSIONS, kept: true };
      }),
    ];
    const secrets = await openSecrets(
      initial.map((secret) => ({ ...secret, name: nameIn(secret.arn) })),
      dataPath('secrets.json'),
    );
    return { endpoint: secretsManager(secrets), secrets };
  },
};

/** The name of a secret: its ARN's last part without the hyphen and six characters that Secrets Manager adds. */
const nameIn = (arn: string): string => (arn.split(':').at(-1) ?? arn).replace(/-\w{6}$/, '');
