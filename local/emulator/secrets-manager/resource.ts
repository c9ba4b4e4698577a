import * as z from 'zod/mini';
import { arn, noLocalEffect, resourceType } from '../template/resource-type.ts';
import { generateSecretStringSchema } from './generate-secret-string.ts';

export const secretType = resourceType({
  type: 'AWS::SecretsManager::Secret',
  nameProperty: 'Name',
  properties: z.strictObject({
    GenerateSecretString: z.optional(generateSecretStringSchema),
    ...noLocalEffect('Name', 'Description', 'KmsKeyId', 'Tags'),
  }),
  identify(name, place) {
    // Secrets Manager ends every ARN with a hyphen and six characters.
    const secretArn = arn(place, 'secretsmanager', `secret:${name}-local1`);
    return { ref: secretArn, attributes: { Arn: secretArn, Id: secretArn } };
  },
});
