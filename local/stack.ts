import { join } from 'node:path';
import { awsEndpoint } from './aws-endpoint/aws-endpoint.ts';
import { dynamoDb } from './aws-endpoint/dynamodb.ts';
import { eventBridge } from './aws-endpoint/event-bridge.ts';
import { type Secret, secretsManager } from './aws-endpoint/secrets-manager.ts';
import { sqs } from './aws-endpoint/sqs.ts';
import { closeInReverse, type Started } from './close-in-reverse.ts';
import { peakMemory } from './functions/peak-memory.ts';
import { GATEWAY_SERVER_OPTIONS, serveGateway } from './gateway/gateway.ts';
import { listen } from './http-server.ts';
import type { Log } from './log.ts';
import type { Queue } from './queues/queue.ts';
import { startStore } from './store/store.ts';
import { synthesize } from './synthesize.ts';
import { readAssembly, type Template } from './template/assembly.ts';
import { type Deployment, deploy } from './template/deployment.ts';
import { secretType } from './template/types/secrets-manager.ts';
import { RESOURCE_TYPES } from './template/types.ts';
import { makeBuses } from './wiring/buses.ts';
import { startEventSourceMappings } from './wiring/event-source-mappings.ts';
import { makeFunctions, type RunningFunction } from './wiring/functions.ts';
import { openQueues } from './wiring/queues.ts';
import { restApi } from './wiring/rest-api.ts';
import { startTables } from './wiring/tables.ts';

/** Where a stack is deployed that has no account. */
export const LOCAL_REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';

/** The output of the template that names the secret with the API key. */
const API_KEY_SECRET_OUTPUT = 'ApiKeySecretArn';

export interface LocalStackOptions {
  /** A folder with a cloud assembly; without it, the CDK app is synthesized. */
  readonly assembly?: string;
  /** Of the gateway and of the AWS endpoint; 0, the default, takes any free port. */
  readonly port?: number;
  readonly awsPort?: number;
  /** The value of the secret with the API key. */
  readonly apiKey: string;
  /** The folder that keeps the data; in memory without. */
  readonly data?: string;
  /** A DynamoDB-compatible endpoint instead of the embedded one. */
  readonly storeUrl?: string;
  /** Changes the template before it is read, for tests that need shorter patience or other variables. */
  readonly patchTemplate?: (template: Template) => Template;
  readonly log: Log;
}

export interface FunctionProcessReport {
  readonly functionName: string;
  readonly pid: number;
  /** The most memory it has held at once, bytes, where the operating system tells. */
  readonly peakMemory: number | undefined;
}

export interface LocalStack {
  /** The address of the gateway, without a slash at the end; below it comes the stage. */
  readonly gatewayUrl: string;
  /** The address of the AWS endpoint, and of the store. */
  readonly awsUrl: string;
  readonly storeUrl: string;
  /** What the template says about itself, with addresses on this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** The processes that run now. */
  functionProcesses(): FunctionProcessReport[];
  /** Stops everything in reverse. Batches under way are given a moment; what is left stays in its queue. */
  close(): Promise<void>;
}

/**
 * Runs a synthesized template on this machine (design section 5).
 *
 * @param started collects what is started, so that starting can be broken off by its `close`
 * @throws Error saying what could not be started; what was started before is stopped
 */
export async function startLocalStack(
  options: LocalStackOptions,
  started: Started = closeInReverse(),
): Promise<LocalStack> {
  try {
    return await start(options, started);
  } catch (error) {
    await started.close();
    throw error;
  }
}

async function start(options: LocalStackOptions, started: Started): Promise<LocalStack> {
  const { log, data, patchTemplate = (template) => template } = options;

  const gateway = await listen(options.port ?? 0, GATEWAY_SERVER_OPTIONS);
  await started.add(gateway.close);
  const aws = await listen(options.awsPort ?? 0);
  await started.add(aws.close);

  const assembly = await readAssembly(options.assembly ?? (await synthesizeTemplate(log, started)));
  const { stackName, template } = assembly;
  const place = {
    stackName,
    region: LOCAL_REGION,
    accountId: ACCOUNT_ID,
    awsUrl: aws.url,
    gatewayUrl: gateway.url,
  };
  const deployment = deploy(patchTemplate(template), RESOURCE_TYPES, place);

  const storeUrl = options.storeUrl ?? (await startEmbeddedStore(data, log, started));
  const tables = await startTables(deployment, storeUrl, LOCAL_REGION, log);
  await started.add(tables.close);

  const queues = await openQueues(deployment, data && join(data, 'queues'));
  await started.add(async () => {
    for (const queue of queues.values()) await queue.close();
  });
  const queuesByName = new Map([...queues.values()].map((queue) => [queue.options.name, queue]));

  log.progress('starting the functions');
  const functions = makeFunctions(deployment, assembly, place, storeUrl, log);
  await started.add(() => closeAll(functions));
  serveGateway(gateway, restApi(deployment, functions, place, log));
  aws.serve(
    awsEndpoint(
      [
        eventBridge({
          buses: makeBuses(deployment, queues, log),
          accountId: ACCOUNT_ID,
          region: LOCAL_REGION,
          onUnknownBus: (name) => log.warn(`an event for the bus ${name} is gone: there is no such bus`),
        }),
        secretsManager(secretsOf(deployment, options.apiKey)),
        sqs(queuesByName, ACCOUNT_ID),
        dynamoDb(storeUrl),
      ],
      log,
    ),
  );
  await Promise.all(functions.map(({ pool }) => pool.warm()));

  for (const mapping of startEventSourceMappings(deployment, queues, functions, place, log)) {
    await started.add(mapping.close);
  }
  return {
    gatewayUrl: gateway.url,
    awsUrl: aws.url,
    storeUrl,
    outputs: deployment.outputs,
    queues: queuesByName,
    functionProcesses: () => reportProcesses(functions),
    close: started.close,
  };
}

async function synthesizeTemplate(log: Log, started: Started): Promise<string> {
  log.progress('synthesizing the CDK app');
  const { folder, close } = await synthesize(started.stopping);
  await started.add(close);
  return folder;
}

async function startEmbeddedStore(data: string | undefined, log: Log, started: Started): Promise<string> {
  log.progress(`starting the store ${data === undefined ? 'in memory' : `in ${data}`}`);
  const { url, close } = await startStore(data && join(data, 'store'), (how) =>
    log.warn(`the store has ended, start again: ${how}`),
  );
  await started.add(close);
  return url;
}

const secretsOf = (deployment: Deployment, apiKey: string): Secret[] =>
  deployment
    .all(secretType)
    .filter(({ arn }) => arn === deployment.outputs[API_KEY_SECRET_OUTPUT])
    .map(({ arn, name }) => ({ arn, name, value: apiKey }));

async function closeAll(functions: readonly RunningFunction[]): Promise<void> {
  await Promise.all(functions.map(({ pool }) => pool.close()));
}

const reportProcesses = (functions: readonly RunningFunction[]): FunctionProcessReport[] =>
  functions.flatMap(({ name, pool }) =>
    pool.pids().map((pid) => ({ functionName: name, pid, peakMemory: peakMemory(pid) })),
  );
