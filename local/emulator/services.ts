import {
  apiResourceType,
  gatewayResponseType,
  methodType,
  restApiType,
  stageType,
} from './api-gateway/resources.ts';
import { tableType } from './dynamodb/resource.ts';
import { busType, ruleType } from './events/resources.ts';
import { eventSourceMappingType, functionType } from './lambda/resources.ts';
import { secretType } from './secrets-manager/resource.ts';
import { queueType } from './sqs/resource.ts';
import type { ResourceType } from './template/resource-type.ts';

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
