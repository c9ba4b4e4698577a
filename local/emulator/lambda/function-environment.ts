import { LOCAL_CREDENTIALS } from '../dynamodb/create-table.ts';

/** A Lambda function as it runs on this machine. The timeout is in milliseconds, the memory in MB. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly codeFolder: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly timeout: number;
  readonly memory: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly region: string;
  /** The address of the AWS endpoint, and of the store. */
  readonly awsUrl: string;
  readonly storeUrl: string;
}

/**
 * The whole environment of a function process: Lambda's variables, the addresses of this machine's services, and the
 * template's variables, which win. Of the developer's own environment it has `PATH` only.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 *
 * @param runtimeApi host and port
 */
export const functionEnvironment = (fn: LambdaFunction, runtimeApi: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  TZ: 'UTC',
  LANG: 'en_US.UTF-8',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_REGION: fn.region,
  AWS_DEFAULT_REGION: fn.region,
  AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  AWS_ENDPOINT_URL: fn.awsUrl,
  AWS_ENDPOINT_URL_DYNAMODB: fn.storeUrl,
  AWS_LAMBDA_RUNTIME_API: runtimeApi,
  AWS_LAMBDA_FUNCTION_NAME: fn.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memory),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  LAMBDA_TASK_ROOT: fn.codeFolder,
  _HANDLER: fn.handler,
  ...fn.variables,
});
