import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listenGateway } from './api-gateway/gateway-server.ts';
import { lockFolder } from './files/folder-lock.ts';
import { awsEndpoint, listenAwsEndpoint } from './http/aws-endpoint.ts';
import { closeInReverse, type Started } from './process/close-in-reverse.ts';
import type { Deployed, EmulatorOptions, RunningService, Service, ServiceContext } from './service.ts';
import { SERVICES } from './services.ts';
import { readAssembly } from './template/assembly.ts';
import { deploy } from './template/deployment.ts';

/** The region and account of a template that names none. */
export const LOCAL_REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';
/** How long requests to the AWS endpoint may take when the emulator stops, milliseconds. */
const DRAIN_PATIENCE = 500;

export interface Emulator extends Deployed {
  /** The addresses of the gateway and of the AWS endpoint, without a slash at the end. */
  readonly gatewayUrl: string;
  readonly awsUrl: string;
  /**
   * Stops everything in reverse. Batches under way have a moment to finish; the rest stays in its queue. Then requests
   * are refused, and those under way are answered. Then journals and the store are closed.
   */
  close(): Promise<void>;
}

/**
 * Runs a synthesized template on this machine (docs/architecture.md#one-machine).
 *
 * @param started collects what is started: its `close` also stops a start that is not finished
 * @throws Error saying what could not be started; what was started before is stopped
 */
export async function startEmulator(
  options: EmulatorOptions,
  started: Started = closeInReverse(),
): Promise<Emulator> {
  try {
    return await start(options, started);
  } catch (error) {
    await started.close();
    throw error;
  }
}

async function start(options: EmulatorOptions, started: Started): Promise<Emulator> {
  const { log, data, patchTemplate = (template) => template } = options;
  // First, because the template's references need both addresses.
  const gateway = await listenGateway(options.port ?? 0);
  await started.add(gateway.close);
  const aws = await listenAwsEndpoint(options.awsPort ?? 0);
  await started.add(aws.close);
  if (data !== undefined) {
    await mkdir(data, { recursive: true });
    await started.add(await lockFolder(data));
  }

  const assembly = await readAssembly(await options.assembly());
  const place = {
    stackName: assembly.stackName,
    region: LOCAL_REGION,
    accountId: ACCOUNT_ID,
    awsUrl: aws.url,
    gatewayUrl: gateway.url,
  };
  const types = SERVICES.flatMap(({ resourceTypes }) => resourceTypes);
  const deployment = deploy(patchTemplate(assembly.template, gateway.url), types, place);
  const running = new Map<Service, RunningService>();
  const deployed: Deployed = {
    outputs: deployment.outputs,
    get<Running extends RunningService>(service: Service<Running>): Running {
      const found = running.get(service);
      if (found === undefined) throw new Error('a service uses another one that services.ts lists later');
      return found as Running;
    },
  };
  const context: ServiceContext = {
    ...deployed,
    deployment,
    assembly,
    place,
    gateway,
    options,
    dataPath: (name) => data && join(data, name),
    started,
  };
  for (const service of SERVICES) running.set(service, await service.start(context));
  const services = [...running.values()];
  const endpoints = services.flatMap(({ endpoint }) => endpoint ?? []);
  aws.serve(awsEndpoint(endpoints, log));

  // Before the journals and the store are closed: what is acknowledged is kept. After what `begin` started: functions
  // need the endpoint to finish their batches.
  await started.add(async () => {
    await Promise.all([gateway.close(), aws.drain(DRAIN_PATIENCE)]);
  });
  for (const { begin } of services) await begin?.();
  return { ...deployed, gatewayUrl: gateway.url, awsUrl: aws.url, close: started.close };
}
