import { apiGatewayService } from './api-gateway/service.ts';
import { cloudFormationService } from './cloudformation/service.ts';
import { dynamoDbService } from './dynamodb/service.ts';
import { eventsService } from './events/service.ts';
import { lambdaService } from './lambda/service.ts';
import { s3Service } from './s3/service.ts';
import { secretsManagerService } from './secrets-manager/service.ts';
import type { Service } from './service.ts';
import { sqsService } from './sqs/service.ts';

/**
 * Every service, in the order of their start; they close in reverse. A service may use those before it. The AWS
 * endpoint gives a request to the first service that accepts it: S3 is behind Lambda, whose paths begin like a bucket.
 */
export const SERVICES: readonly Service[] = [
  dynamoDbService,
  sqsService,
  secretsManagerService,
  lambdaService,
  eventsService,
  s3Service,
  apiGatewayService,
  cloudFormationService,
];
