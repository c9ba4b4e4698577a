import { type Duration, Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, Runtime, RuntimeManagementMode } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentVariables } from '../shared/environment.ts';
import { FUNCTION_MEMORY, type FunctionName, type FunctionSize } from '../shared/settings/functions.ts';
import type { VpcSettings } from '../shared/settings/vpc.ts';
import { alarmOnFailures } from './alarms.ts';
import { functionCode } from './function-code.ts';
import { acknowledgeFunction } from './function-findings.ts';
import { type Heap, nodeOptions } from './node-options.ts';
import { grantNetworkInterfaces } from './vpc.ts';

export interface ServiceFunctionProps<E> {
  /** The folder under `functions/` whose `handler.ts` exports `handler`. Also the service name in logs and metrics. */
  readonly name: FunctionName;
  readonly description: string;
  /** Its memory and concurrency, if the settings have them. Lambda CPU scales with memory: 1,792 MB is one vCPU. */
  readonly size: FunctionSize | undefined;
  readonly timeout: Duration;
  /** The limits of V8's heap. If undefined, Lambda sizes the heap by the memory, which is in MB. */
  readonly heap?: (memory: number) => Heap;
  /** The VPC that the function runs in. If undefined, it reaches public addresses only. */
  readonly vpc?: VpcSettings;
  /** Grants the role the function's permissions, and returns the function's environment variables. */
  readonly environment: (role: IRole) => EnvironmentVariables<E>;
}

/** Makes a function of the service, with its own role, log group and alarms. */
export function serviceFunction<E>(
  scope: Construct,
  id: string,
  { name, environment, size, heap, vpc, ...props }: ServiceFunctionProps<E>,
): NodejsFunction {
  // own role and log group: the managed policy that the CDK attaches by default may write to every log group
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const logGroup = new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.THREE_MONTHS });
  logGroup.grantWrite(role);
  if (vpc) grantNetworkInterfaces(role);

  const memorySize = size?.memoryMegabytes ?? FUNCTION_MEMORY[name];
  const reserved = size?.reservedConcurrency;
  const fn = new NodejsFunction(scope, id, {
    ...props,
    memorySize,
    ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    role,
    // in text format, the default: the functions write JSON lines, and Lambda's JSON format would wrap them again
    logGroup,
    runtime: Runtime.NODEJS_24_X,
    // a new version of Node comes with a deployment, never underneath a release (docs/supply-chain.md#the-runtime)
    runtimeManagementMode: RuntimeManagementMode.FUNCTION_UPDATE,
    architecture: Architecture.ARM_64,
    ...functionCode(name),
    environment: {
      ...environment(role),
      ...(heap && { NODE_OPTIONS: nodeOptions(heap(memorySize)).join(' ') }),
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: Stack.of(scope).stackName,
    },
  });
  // the CDK's property `vpc` needs more than the ids that the settings have
  if (vpc) (fn.node.defaultChild as CfnFunction).vpcConfig = vpc;
  alarmOnFailures(fn);
  acknowledgeFunction({ fn, role, logGroup });
  return fn;
}
