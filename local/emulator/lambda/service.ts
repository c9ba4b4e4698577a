import { availableParallelism } from 'node:os';
import { dynamoDbService } from '../dynamodb/service.ts';
import type { AwsService } from '../http/aws-service.ts';
import type { RunningService, Service, ServiceContext } from '../service.ts';
import { sqsService } from '../sqs/service.ts';
import { localAddress } from '../template/deployment.ts';
import { SECOND } from '../time.ts';
import { lambda } from './endpoint.ts';
import { type MappingResource, openEventSourceMappings } from './event-source-mappings.ts';
import { functionLog } from './function-log.ts';
import { functionPool } from './function-pool.ts';
import { startFunctionProcess } from './function-process.ts';
import { findInvocable } from './invocables.ts';
import { lambdaConfiguration } from './mapping-endpoint.ts';
import { poolLimits } from './pool-limits.ts';
import { eventSourceMappingType, functionType } from './resources.ts';

/** A function of the template, running. */
export type RunningFunction = ReturnType<typeof makeFunctions>[number];

export interface RunningLambda extends RunningService {
  readonly functions: readonly RunningFunction[];
}

/** The functions of a template, run from their bundles, and fed from their queues. */
export const lambdaService: Service<RunningLambda> = {
  resourceTypes: [eventSourceMappingType, functionType],
  async start(context) {
    const { options, started } = context;
    options.log.progress('starting the functions');
    const functions = makeFunctions(context);
    await started.add(async () => {
      await Promise.all(functions.map(({ pool }) => pool.close()));
    });
    const mappings = await openEventSourceMappings(
      mappingsOf(context, functions),
      context.dataPath('event-source-mappings.json'),
    );
    const invoking = lambda((name) => findInvocable(name, functions, options.otherFunction));
    return {
      endpoint: firstOf(invoking, lambdaConfiguration(functions, mappings)),
      functions,
      async begin() {
        await Promise.all(functions.map(({ pool }) => pool.warm()));
        mappings.begin();
        await started.add(mappings.close);
      },
    };
  },
};

function makeFunctions({ deployment, assembly, place, get, options }: ServiceContext) {
  const { storeUrl } = get(dynamoDbService);
  return deployment.all(functionType).map(({ logicalId, name, arn, properties }) => {
    const { Environment, Handler, MemorySize, Timeout, Code } = properties;
    const variables = Object.entries(Environment.Variables);
    const fn = {
      name,
      arn,
      handler: Handler,
      timeout: Timeout * SECOND,
      memory: MemorySize,
      variables: Object.fromEntries(variables.map(([key, value]) => [key, localAddress(value, place)])),
      region: place.region,
      awsUrl: place.awsUrl,
      storeUrl,
    };
    const output = functionLog(name, options.log);
    const startFrom = (codeFolder: string) => () => startFunctionProcess({ ...fn, codeFolder }, output);
    const pool = functionPool(startFrom(assembly.assetFolder(Code.S3Key)), poolLimits());
    return {
      logicalId,
      name,
      arn,
      pool,
      /** Runs other code from the next invocation on. If it cannot start, the function keeps the code that it has. */
      replaceCode: (codeFolder: string) => pool.replace(startFrom(codeFolder)),
    };
  });
}

/** The service that accepts a request handles it. */
const firstOf = (...services: readonly AwsService[]): AwsService => ({
  accepts: (request) => services.some(({ accepts }) => accepts(request)),
  async handle(request, response) {
    await services.find(({ accepts }) => accepts(request))?.handle(request, response);
  },
});

/**
 * How the functions are fed from their queues. The template says how many batches run at once, but they are no more
 * than this machine has processors: a batch keeps one busy.
 *
 * @throws Error naming a mapping whose queue or function is not in the template
 */
function mappingsOf(
  { deployment, place, get, options }: ServiceContext,
  functions: readonly RunningFunction[],
): MappingResource[] {
  const { queues } = get(sqsService);
  return deployment.all(eventSourceMappingType).map(({ logicalId, arn, properties }) => {
    const { EventSourceArn, FunctionName, ScalingConfig } = properties;
    const queue = queues.get(EventSourceArn);
    const fn = functions.find(({ name, arn }) => name === FunctionName || arn === FunctionName);
    if (queue === undefined) throw new Error(`${logicalId}: the local stack has no source ${EventSourceArn}`);
    if (fn === undefined) throw new Error(`${logicalId}: the local stack has no function ${FunctionName}`);
    const feed = {
      queue,
      region: place.region,
      senderId: place.accountId,
      batchSize: properties.BatchSize,
      window: properties.MaximumBatchingWindowInSeconds * SECOND,
      concurrency: Math.min(ScalingConfig?.MaximumConcurrency ?? Infinity, availableParallelism()),
      reportsFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      invoke: (payload: string) => fn.pool.invoke(payload),
      onFailure: (error: unknown) =>
        options.log.warn(`[${fn.name}] a batch failed and will be tried again: ${(error as Error).message}`),
    };
    return {
      arn,
      eventSourceArn: EventSourceArn,
      functionName: fn.name,
      functionArn: fn.arn,
      enabled: properties.Enabled,
      feed,
    };
  });
}
