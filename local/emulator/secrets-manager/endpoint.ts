import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { AwsError, type AwsService, jsonService, operation } from '../http/aws-service.ts';
import { CURRENT, findVersion, type Secret, withoutLabel, withValue } from './secret.ts';
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

/** A label is removed; moving one is not known here. */
const removeLabelSchema = z.strictObject({
  SecretId: z.string(),
  VersionStage: z.string(),
  RemoveFromVersionId: z.string(),
});

/** `GetSecretValue`, `PutSecretValue` and `UpdateSecretVersionStage`, by name or ARN; of values, strings only. */
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
    PutSecretValue: operation(
      putSchema,
      ({ SecretId, SecretString, ClientRequestToken: VersionId = randomUUID(), VersionStages }) => {
        const { arn, name, versions } = find(SecretId);
        const same = versions.versions[VersionId];
        if (same !== undefined && same.value !== SecretString) {
          throw new AwsError(400, 'ResourceExistsException', `The version ${VersionId} has another value.`);
        }
        secrets.replace({ arn, name, versions: withValue(versions, SecretString, VersionId, VersionStages) });
        return { ARN: arn, Name: name, VersionId, VersionStages };
      },
    ),
    UpdateSecretVersionStage: operation(
      removeLabelSchema,
      ({ SecretId, VersionStage, RemoveFromVersionId }) => {
        const { arn, name, versions } = find(SecretId);
        if (VersionStage === CURRENT || versions.stages[VersionStage] !== RemoveFromVersionId) {
          const message = `The label ${VersionStage} cannot be removed from ${RemoveFromVersionId}.`;
          throw new AwsError(400, 'InvalidParameterException', message);
        }
        secrets.replace({ arn, name, versions: withoutLabel(versions, VersionStage) });
        return { ARN: arn, Name: name };
      },
    ),
  });
}

const notFound = (what: string): AwsError =>
  new AwsError(400, 'ResourceNotFoundException', `Secrets Manager can't find ${what}`);
