import * as z from 'zod/mini';
import { AwsError, type AwsService, jsonService, operation } from '../http/aws-service.ts';
import { CURRENT, findVersion, type Secret, withValue } from './secret.ts';
import type { SecretStore } from './secret-store.ts';

const getSchema = z.object({
  SecretId: z.string(),
  VersionId: z.optional(z.string()),
  VersionStage: z.optional(z.string()),
});

const putSchema = z.object({
  SecretId: z.string(),
  SecretString: z.string().check(z.minLength(1)),
  ClientRequestToken: z.optional(z.string()),
  VersionStages: z._default(z.array(z.string()).check(z.minLength(1)), [CURRENT]),
});

/** `GetSecretValue` and `PutSecretValue`, by name or ARN; of values, strings only. */
export function secretsManager(secrets: SecretStore): AwsService {
  const find = (id: string): Secret => {
    const secret = secrets.find(id);
    if (secret !== undefined) return secret;
    throw notFound(
      `the specified secret. The local stack has no value for ${id}: give it one with --secrets.`,
    );
  };

  return jsonService('secretsmanager', {
    GetSecretValue: operation(getSchema, ({ SecretId, VersionId, VersionStage }) => {
      const { arn, name, versions } = find(SecretId);
      const version = findVersion(versions, VersionStage, VersionId);
      if (version === undefined) {
        const which = VersionId === undefined ? `staging label: ${VersionStage}` : `VersionId: ${VersionId}`;
        throw notFound(`the specified secret value for ${which}`);
      }
      return {
        ARN: arn,
        Name: name,
        SecretString: version.value,
        VersionId: version.id,
        VersionStages: version.stages,
        CreatedDate: version.createdAt / 1000,
      };
    }),
    PutSecretValue: operation(putSchema, async (input) => {
      const { arn, name, versions } = find(input.SecretId);
      const token = input.ClientRequestToken;
      const same = token === undefined ? undefined : versions.versions[token];
      if (same !== undefined && same.value !== input.SecretString) {
        throw new AwsError(400, 'ResourceExistsException', `The version ${token} has another value.`);
      }
      const changed = withValue(versions, input.SecretString, token, input.VersionStages);
      await secrets.replace(arn, changed);
      const stage = input.VersionStages[0];
      return {
        ARN: arn,
        Name: name,
        VersionId: changed.stages[stage ?? ''],
        VersionStages: input.VersionStages,
      };
    }),
  });
}

const notFound = (what: string): AwsError =>
  new AwsError(400, 'ResourceNotFoundException', `Secrets Manager can't find ${what}`);
