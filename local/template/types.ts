import type { ResourceType } from './resource-type.ts';
import {
  apiResourceType,
  gatewayResponseType,
  methodType,
  restApiType,
  stageType,
} from './types/api-gateway.ts';
import { tableType } from './types/dynamodb.ts';
import { busType, ruleType } from './types/events.ts';
import { eventSourceMappingType, functionType } from './types/lambda.ts';
import { secretType } from './types/secrets-manager.ts';
import { queueType } from './types/sqs.ts';

/** Every resource type that the local stack brings to life. */
export const RESOURCE_TYPES: readonly ResourceType<unknown>[] = [
  apiResourceType,
  busType,
  eventSourceMappingType,
  functionType,
  gatewayResponseType,
  methodType,
  queueType,
  restApiType,
  ruleType,
  secretType,
  stageType,
  tableType,
];
