import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { printingFunction } from '../receiver/printing-function.ts';
import { describeReceived, type ReceivedLog, receivedObject } from '../receiver/received-log.ts';
import { receiverUrl, withReceiver } from '../receiver/receiver.ts';
import { synthesize } from '../synthesize.ts';
import { serveGateway } from './api-gateway/gateway.ts';
import { listenGateway } from './api-gateway/gateway-server.ts';
import { restApi } from './api-gateway/rest-api.ts';
import { startStore } from './dynamodb/embedded-store.ts';
import { dynamoDb } from './dynamodb/endpoint.ts';
import { startTables } from './dynamodb/tables.ts';
import { errorName } from './error-name.ts';
import { makeBuses } from './events/buses.ts';
import { eventBridge } from './events/endpoint.ts';
import { lockFolder } from './files/folder-lock.ts';
import { awsEndpoint, listenAwsEndpoint } from './http/aws-endpoint.ts';
import { lambda } from './lambda/endpoint.ts';
import { startEventSourceMappings } from './lambda/event-source-mappings.ts';
import { makeFunctions, type RunningFunction } from './lambda/functions.ts';
import type { Handler } from './lambda/handler-function.ts';
import { invocables } from './lambda/invocables.ts';
import { peakMemory } from './lambda/peak-memory.ts';
import type { Log } from './log.ts';
import { closeInReverse, type Started } from './process/close-in-reverse.ts';
import { s3 } from './s3/endpoint.ts';
import { openObjects } from './s3/objects.ts';
import { secretsManager } from './secrets-manager/endpoint.ts';
import { type SecretValue, valuesInUse } from './secrets-manager/secret.ts';
import { makeSecrets } from './secrets-manager/secrets.ts';
import { RESOURCE_TYPES } from './services.ts';
import { sqs } from './sqs/endpoint.ts';
import { messageMoveOperations } from './sqs/message-move-operations.ts';
import type { Queue } from './sqs/queue.ts';
import { openQueues } from './sqs/queues.ts';
import { readAssembly, type Template } from './template/assembly.ts';
import { deploy } from './template/deployment.ts';

/** Where a stack is deployed that has no account. */
export const LOCAL_REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';

/** How long requests to the AWS endpoint may take when the stack stops, milliseconds. */
const DRAIN_PATIENCE = 500;

/** The outputs of the template that name the secrets with the API key, and with the key that signs deliveries. */
const API_KEY_SECRET_OUTPUT = 'ApiKeySecretArn';
const SIGNING_SECRET_OUTPUT = 'SigningSecretArn';

export interface LocalStackOptions {
  /** A folder with a cloud assembly; without it, the CDK app is synthesized. */
  readonly assembly?: string;
  /** The file with the settings that the CDK app is synthesized with, if it is; by default the app's own. */
  readonly settings?: string;
  /** Of the gateway and of the AWS endpoint; 0, the default, takes any free port. */
  readonly port?: number;
  readonly awsPort?: number;
  /** The value of the secret with the API key. */
  readonly apiKey: string;
  /** Values of further secrets, by ARN: of the template, or named in its settings. */
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  /** Functions that are not in the template, by ARN. Any other ARN is a function that tells what it receives. */
  readonly functions?: Readonly<Record<string, Handler>>;
  /** Is told of each log that a custom service of the local stack receives; by default it is shown. */
  readonly onReceived?: (received: ReceivedLog) => void;
  /** The folder that keeps the data; in memory without. */
  readonly data?: string;
  /** How many messages of a queue may be in flight, for tests; as many as with SQS without. */
  readonly inFlightLimit?: number;
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
  /** The address of the built-in custom service, which is there if deliveries are signed. */
  readonly receiverUrl: string;
  /** What the template says about itself, with addresses on this machine. */
  readonly outputs: Readonly<Record<string, string>>;
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly functions: readonly RunningFunction[];
  /** The processes that run now. */
  functionProcesses(): FunctionProcessReport[];
  /**
   * Stops everything in reverse: batches under way are given a moment, and what is left stays in its queue; then
   * nothing more is taken, and what was taken is finished; then journals and store are closed.
   */
  close(): Promise<void>;
}

/**
 * Runs a synthesized template on this machine (docs/architecture.md#one-machine).
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
  const { onReceived = (received) => log.progress(describeReceived(received)) } = options;

  const gateway = await listenGateway(options.port ?? 0);
  await started.add(gateway.close);
  const aws = await listenAwsEndpoint(options.awsPort ?? 0);
  await started.add(aws.close);

  if (data !== undefined) {
    await mkdir(data, { recursive: true });
    await started.add(await lockFolder(data));
  }

  const assembly = await readAssembly(options.assembly ?? (await synthesizeTemplate(options, started)));
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

  const queues = await openQueues(deployment, log, data && join(data, 'queues'), options.inFlightLimit);
  await started.add(async () => {
    for (const queue of queues.values()) await queue.close();
  });
  const queuesByName = new Map([...queues.values()].map((queue) => [queue.options.name, queue]));
  const moves = messageMoveOperations([...queues.values()]);
  await started.add(moves.close);

  const { [API_KEY_SECRET_OUTPUT]: apiKeySecret, [SIGNING_SECRET_OUTPUT]: signingSecret } =
    deployment.outputs;
  const given = { ...options.secrets, ...(apiKeySecret !== undefined && { [apiKeySecret]: options.apiKey }) };
  const secrets = await makeSecrets(deployment, given, data && join(data, 'secrets.json'));
  const { objects, close: closeObjects } = await openObjects(data && join(data, 'objects'), log);
  await started.add(closeObjects);

  log.progress('starting the functions');
  const functions = makeFunctions(deployment, assembly, place, storeUrl, log);
  await started.add(() => closeAll(functions));
  const receiver = { secrets: () => valuesInUse(secrets.find(signingSecret ?? '')?.versions), onReceived };
  serveGateway(
    signingSecret === undefined ? gateway : withReceiver(gateway, receiver),
    restApi(deployment, functions, place, log),
  );
  aws.serve(
    awsEndpoint(
      [
        eventBridge({
          buses: makeBuses(deployment, queues, log),
          accountId: ACCOUNT_ID,
          region: LOCAL_REGION,
          onFailure: (name, error) =>
            log.warn(`the bus ${name} could not keep an event and refused it: ${errorName(error)}`),
          onUnknownBus: (name) => log.warn(`an event for the bus ${name} is gone: there is no such bus`),
        }),
        secretsManager(secrets),
        sqs(queuesByName, ACCOUNT_ID, moves, (error) =>
          log.warn(`an entry of a batch for a queue failed: ${errorName(error)}`),
        ),
        dynamoDb(storeUrl),
        lambda({
          find: invocables(functions, options.functions ?? {}, (arn) => printingFunction(arn, onReceived)),
          onEventFailure: (name, error) => log.warn(`[${name}] failed: ${(error as Error).message}`),
        }),
        s3({
          accountId: ACCOUNT_ID,
          objects,
          onPut: (bucket, { key }, content) => onReceived(receivedObject(bucket, key, content)),
        }),
      ],
      log,
    ),
  );
  await Promise.all(functions.map(({ pool }) => pool.warm()));

  // Before journals and store are closed, so that what is acknowledged is kept; after the batches under way, because
  // functions need the endpoint to finish them.
  await started.add(async () => {
    await Promise.all([gateway.close(), aws.drain(DRAIN_PATIENCE)]);
  });
  const mappings = startEventSourceMappings(deployment, queues, functions, place, log);
  await started.add(async () => {
    await Promise.all(mappings.map((mapping) => mapping.close()));
  });
  return {
    gatewayUrl: gateway.url,
    awsUrl: aws.url,
    storeUrl,
    receiverUrl: receiverUrl(gateway.url),
    outputs: deployment.outputs,
    queues: queuesByName,
    functions,
    functionProcesses: () => reportProcesses(functions),
    close: started.close,
  };
}

async function synthesizeTemplate({ log, settings }: LocalStackOptions, started: Started): Promise<string> {
  log.progress('synthesizing the CDK app');
  const signal = started.stopping;
  const synthesizing = synthesize({ signal, ...(settings !== undefined && { settings }) });
  // Noted before it is done, so that who stops it half way waits until its folder is gone.
  await started.add(() =>
    synthesizing.then(
      ({ close }) => close(),
      () => {},
    ),
  );
  return (await synthesizing).folder;
}

async function startEmbeddedStore(data: string | undefined, log: Log, started: Started): Promise<string> {
  log.progress(`starting the store ${data === undefined ? 'in memory' : `in ${data}`}`);
  const { url, close } = await startStore(data && join(data, 'store'), log.warn);
  await started.add(close);
  return url;
}

async function closeAll(functions: readonly RunningFunction[]): Promise<void> {
  await Promise.all(functions.map(({ pool }) => pool.close()));
}

const reportProcesses = (functions: readonly RunningFunction[]): FunctionProcessReport[] =>
  functions.flatMap(({ name, pool }) =>
    pool.pids().map((pid) => ({ functionName: name, pid, peakMemory: peakMemory(pid) })),
  );
