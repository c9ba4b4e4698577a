import { withReceiverUrl } from '../../receiver/receiver.ts';
import type { Log } from '../log.ts';
import type { Assembly } from '../template/assembly.ts';
import { type Deployment, localAddress } from '../template/deployment.ts';
import type { Place } from '../template/resource-type.ts';
import { functionLog } from './function-log.ts';
import { type FunctionPool, functionPool } from './function-pool.ts';
import { startFunctionProcess } from './function-process.ts';
import { poolLimits } from './pool-limits.ts';
import { functionType } from './resources.ts';

const SECOND = 1000;

/** A function of the template, running. */
export interface RunningFunction {
  readonly name: string;
  readonly arn: string;
  readonly pool: FunctionPool;
}

/**
 * Makes the functions of a template ready to run from their bundles.
 *
 * @param storeUrl the address of the DynamoDB-compatible endpoint
 */
export const makeFunctions = (
  deployment: Deployment,
  assembly: Assembly,
  place: Place,
  storeUrl: string,
  log: Log,
): RunningFunction[] =>
  deployment.all(functionType).map(({ name, arn, properties }) => {
    const variables = Object.entries(properties.Environment.Variables).map(([variable, value]) => [
      variable,
      withReceiverUrl(localAddress(value, place), place.gatewayUrl),
    ]);
    const fn = {
      name,
      arn,
      codeFolder: assembly.assetFolder(properties.Code.S3Key),
      handler: properties.Handler,
      timeout: properties.Timeout * SECOND,
      memory: properties.MemorySize,
      variables: Object.fromEntries(variables),
      region: place.region,
      awsUrl: place.awsUrl,
      storeUrl,
    };
    const pool = functionPool(() => startFunctionProcess(fn, functionLog(name, log)), poolLimits());
    return { name, arn, pool };
  });
