import { withReceiverUrl } from '../../receiver/receiver.ts';
import type { Log } from '../log.ts';
import type { Assembly } from '../template/assembly.ts';
import { type Deployment, localAddress } from '../template/deployment.ts';
import type { Place } from '../template/resource-type.ts';
import { functionLog } from './function-log.ts';
import { type FunctionPool, functionPool, type StartProcess } from './function-pool.ts';
import { startFunctionProcess } from './function-process.ts';
import { poolLimits } from './pool-limits.ts';
import { functionType } from './resources.ts';

const SECOND = 1000;

/** A function of the template, running. */
export interface RunningFunction {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly pool: FunctionPool;
  /**
   * Runs other code from the next invocation on.
   *
   * @param codeFolder the unpacked bundle
   * @throws FunctionError if the code cannot start; the function then keeps the code that it has
   */
  replaceCode(codeFolder: string): Promise<void>;
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
  deployment.all(functionType).map(({ logicalId, name, arn, properties }) => {
    const variables = Object.entries(properties.Environment.Variables).map(([variable, value]) => [
      variable,
      withReceiverUrl(localAddress(value, place), place.gatewayUrl),
    ]);
    const fn = {
      name,
      arn,
      handler: properties.Handler,
      timeout: properties.Timeout * SECOND,
      memory: properties.MemorySize,
      variables: Object.fromEntries(variables),
      region: place.region,
      awsUrl: place.awsUrl,
      storeUrl,
    };
    const startFrom = (codeFolder: string): StartProcess => {
      return () => startFunctionProcess({ ...fn, codeFolder }, functionLog(name, log));
    };
    const pool = functionPool(startFrom(assembly.assetFolder(properties.Code.S3Key)), poolLimits());
    const replaceCode = (codeFolder: string): Promise<void> => pool.replace(startFrom(codeFolder));
    return { logicalId, name, arn, pool, replaceCode };
  });
