import { fileURLToPath } from 'node:url';
import { type Duration, Stack } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentVariables } from '../shared/environment.ts';
import { alarmOnFailures } from './alarms.ts';
import { type Heap, nodeOptions } from './node-options.ts';
import { grantNetworkInterfaces, type VpcSettings } from './vpc.ts';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export interface ServiceFunctionProps<E> {
  /** The folder under `functions/` whose `handler.ts` exports `handler`; also its name in logs and metrics. */
  readonly name: string;
  readonly description: string;
  /** In MB; 1,792 is one whole vCPU. */
  readonly memorySize: number;
  readonly timeout: Duration;
  /** How large the heap may become; without it, Lambda sizes it by the memory. */
  readonly heap?: Heap;
  /** The VPC it runs in; without it, it reaches the public network only. */
  readonly vpc?: VpcSettings;
  /** Gives the role what the function needs, and returns the variables by which the function finds it. */
  readonly environment: (role: IRole) => EnvironmentVariables<E>;
}

/** A function of the service: bundled from its folder, with a role and a log group of its own, and alarmed. */
export function serviceFunction<E>(
  scope: Construct,
  id: string,
  { name, environment, heap, vpc, ...props }: ServiceFunctionProps<E>,
): NodejsFunction {
  // own role and log group: the managed policy Lambda attaches by default may write to every log group
  const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const logGroup = new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.THREE_MONTHS });
  logGroup.grantWrite(role);
  if (vpc) grantNetworkInterfaces(role);

  const fn = new NodejsFunction(scope, id, {
    ...props,
    role,
    // the text format: the functions write JSON lines themselves, and Lambda's JSON format would wrap them
    logGroup,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    entry: fromRoot(`functions/${name}/handler.ts`),
    projectRoot: fromRoot(''),
    depsLockFilePath: fromRoot('package-lock.json'),
    bundling: {
      logLevel: LogLevel.WARNING,
      format: OutputFormat.ESM,
      target: 'node24',
      minify: true,
      mainFields: ['module', 'main'],
      // the SDK goes in, pinned: the runtime's own version is not ours to measure
      externalModules: [],
      // licence comments go into a file beside the code
      esbuildArgs: { '--legal-comments': 'external' },
    },
    environment: {
      ...environment(role),
      ...(heap && { NODE_OPTIONS: nodeOptions(heap).join(' ') }),
      POWERTOOLS_SERVICE_NAME: name,
      POWERTOOLS_METRICS_NAMESPACE: Stack.of(scope).stackName,
    },
  });
  // the CDK's own `vpc` asks for a VPC it knows all about
  if (vpc) (fn.node.defaultChild as CfnFunction).vpcConfig = vpc;
  alarmOnFailures(fn);
  return fn;
}
