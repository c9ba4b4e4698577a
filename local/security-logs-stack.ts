import type { SettingsInput } from '../shared/settings/schema.ts';
import { dynamoDbService } from './emulator/dynamodb/service.ts';
import { type Emulator, startEmulator } from './emulator/emulator.ts';
import type { Handler } from './emulator/lambda/invocables.ts';
import { lambdaService, type RunningFunction } from './emulator/lambda/service.ts';
import { closeInReverse, type Started } from './emulator/process/close-in-reverse.ts';
import type { SecretValue } from './emulator/secrets-manager/secret.ts';
import type { EmulatorOptions } from './emulator/service.ts';
import type { Queue } from './emulator/sqs/queue.ts';
import { sqsService } from './emulator/sqs/service.ts';
import { printingFunction } from './receiver/printing-function.ts';
import { describeReceived, type ReceivedLog, receivedObject } from './receiver/received-log.ts';
import { receiverUrl, withReceiverUrl } from './receiver/receiver.ts';
import { localRoutes } from './routes.ts';
import { synthesizeUntilStopped } from './synthesize.ts';
import { withoutWindowLimit } from './window-limit.ts';

/** The output of the template that names the secret with the API key. */
const API_KEY_SECRET = 'ApiKeySecretArn';

type Kept = 'port' | 'awsPort' | 'data' | 'storeUrl' | 'inFlightLimit' | 'scheduleMinute' | 'log';

export interface LocalStackOptions extends Pick<EmulatorOptions, Kept> {
  /** A folder with a cloud assembly; without it, the CDK app is synthesized. */
  readonly assembly?: string;
  /** The settings file for synthesizing; by default the CDK app's own. */
  readonly settings?: string;
  /** Settings that hold where the file says nothing. */
  readonly defaults?: SettingsInput;
  /** The value of the secret with the API key. */
  readonly apiKey: string;
  /** Values of further secrets, by ARN: of the template, or named in its settings. */
  readonly secrets?: Readonly<Record<string, SecretValue>>;
  /** Functions outside the template, by ARN; by default a function says what it is given. */
  readonly functions?: Readonly<Record<string, Handler>>;
  /** Is told of each log that a custom service on this machine receives; by default it is shown. */
  readonly onReceived?: (received: ReceivedLog) => void;
  /** Changes the template before it is read: tests need shorter times, or other variables. */
  readonly patchTemplate?: NonNullable<EmulatorOptions['patchTemplate']>;
}

export interface LocalStack extends Pick<Emulator, 'gatewayUrl' | 'awsUrl' | 'outputs' | 'close'> {
  /** The address of the store. */
  readonly storeUrl: string;
  /** The address of the built-in custom service, which is there if deliveries are signed. */
  readonly receiverUrl: string;
  /** By name. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly functions: readonly RunningFunction[];
  functionProcesses(): { readonly functionName: string; readonly pid: number }[];
}

/**
 * Runs the Security Logs Service on this machine (docs/contract.md#on-one-machine).
 *
 * @param started collects what is started: its `close` also stops a start that is not finished
 * @throws Error saying what could not be started; what was started before is stopped
 */
export async function startLocalStack(
  {
    assembly,
    settings,
    defaults,
    apiKey,
    secrets = {},
    functions: others = {},
    onReceived,
    patchTemplate,
    ...options
  }: LocalStackOptions,
  started: Started = closeInReverse(),
): Promise<LocalStack> {
  const { log } = options;
  const receive = onReceived ?? ((received) => log.progress(describeReceived(received)));
  const { get, ...emulator } = await startEmulator(
    {
      ...options,
      assembly: async () => assembly ?? (await synthesizeUntilStopped({ settings, defaults }, log, started)),
      patchTemplate: (template, gatewayUrl) =>
        withReceiverUrl(withoutWindowLimit(patchTemplate?.(template, gatewayUrl) ?? template), gatewayUrl),
      secrets: ({ [API_KEY_SECRET]: arn }) => ({ ...secrets, ...(arn !== undefined && { [arn]: apiKey }) }),
      otherFunction: (arn) => others[arn] ?? printingFunction(arn, receive),
      onObject: (...object) => receivedObject(...object).forEach(receive),
      routes: (deployed) => localRoutes(deployed, receive),
    },
    started,
  );
  const { functions } = get(lambdaService);
  return {
    ...emulator,
    storeUrl: get(dynamoDbService).storeUrl,
    receiverUrl: receiverUrl(emulator.gatewayUrl),
    queues: get(sqsService).queuesByName,
    functions,
    functionProcesses: () =>
      functions.flatMap(({ name, pool }) => pool.pids().map((pid) => ({ functionName: name, pid }))),
  };
}
