import * as z from 'zod/mini';
import { arn, noLocalEffect, resourceType } from '../template/resource-type.ts';
import { generateSecretStringSchema } from './generate-secret-string.ts';

export const secretType = resourceType({
  type: 'AWS::SecretsManager::Secret',
  nameProperty: 'Name',
  properties: z.strictObject({
    Name: noLocalEffect,
    Description: noLocalEffect,
    GenerateSecretString: z.optional(generateSecretStringSchema),
    KmsKeyId: noLocalEffect,
    Tags: noLocalEffect,
  }),
  identify(name, place) {
    // Secrets Manager ends every ARN with a hyphen and six characters.
    const secretArn = arn(place, 'secretsmanager', `secret:${name}-local1`);
    return { ref: secretArn, attributes: { Arn: secretArn, Id: secretArn } };
  },
});
