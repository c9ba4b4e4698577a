import type { RunningService, Service } from '../service.ts';
import { cloudFormation } from './endpoint.ts';

/** Tells the outputs of the stack, as CloudFormation does of a deployed one. */
export const cloudFormationService: Service<RunningService> = {
  resourceTypes: [],
  start: ({ outputs, place }) => ({ endpoint: cloudFormation({ ...place, outputs, startedAt: new Date() }) }),
};
