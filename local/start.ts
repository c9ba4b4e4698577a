import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { failure } from '../shared/command-line.ts';
import { chosenActions, readSettings } from '../shared/settings/schema.ts';
import { HOUR } from '../shared/time.ts';
import { watchSources } from './dev.ts';
import { LOCAL_REGION } from './emulator/emulator.ts';
import { checkBy, readJsonFile } from './emulator/files/read-json-file.ts';
import { terminalLog } from './emulator/log.ts';
import { closeInReverse, type Started } from './emulator/process/close-in-reverse.ts';
import { type SecretValue, secretValueSchema } from './emulator/secrets-manager/secret.ts';
import { LOCAL_DEFAULTS } from './local-defaults.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { startLocalStack } from './security-logs-stack.ts';
import { onStopRequest } from './stop-requests.ts';
import { synthesizeUntilStopped } from './synthesize.ts';
import { deliveryTour } from './tour/delivery-tour.ts';
import { publishDemo } from './tour/demo-tour.ts';
import { showCommands, showSamples } from './tour/samples-tour.ts';

/** `npm start`: the whole service on one machine (docs/contract.md#on-one-machine). */

/** Then the process exits, whatever has not stopped. Stopping takes 5 seconds at most. Milliseconds. */
const STOP_LIMIT = 4500;
/** The settings that the CDK app reads by default. */
const SETTINGS = fileURLToPath(new URL('../infra/settings.json', import.meta.url));

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) return console.log(USAGE);
  const started = closeInReverse();
  let stopRequested = false;
  onStopRequest(() => {
    stopRequested = true;
    setTimeout(() => process.exit(0), STOP_LIMIT);
    void started.close().finally(() => process.exit(0));
  });
  try {
    await start(options, started);
  } catch (error) {
    await started.close();
    // A start that was stopped is not an error.
    if (!stopRequested) throw error;
  }
}

async function start(options: Options, started: Started): Promise<void> {
  const log = terminalLog(options.verbose);
  log.progress('Security Logs Service, on this machine');
  const { port, awsPort, apiKey, data, storeUrl } = options;
  const settingsFile = resolve(options.settings ?? SETTINGS);
  const { events, delivery } = await readJsonFile(settingsFile, readSettings);
  const assembly = options.watch
    ? await synthesizeUntilStopped({ settings: settingsFile, defaults: LOCAL_DEFAULTS }, log, started)
    : undefined;
  const deliveries = deliveryTour(log.progress);
  const stack = await startLocalStack(
    {
      port,
      awsPort,
      apiKey,
      log,
      settings: settingsFile,
      defaults: LOCAL_DEFAULTS,
      secrets: await readSecrets(options.secrets),
      onReceived: deliveries.onReceived,
      ...(data !== undefined && { data: resolve(data) }),
      ...(storeUrl !== undefined && { storeUrl }),
      ...(assembly !== undefined && { assembly }),
    },
    started,
  );

  const { ApiUrl: apiUrl = stack.gatewayUrl, EventBusName: busName = '' } = stack.outputs;
  const { PageUrl: pageUrl } = stack.outputs;
  const tour = {
    ...{ apiUrl, awsUrl: stack.awsUrl, busName, region: LOCAL_REGION, apiKey, say: log.progress },
    ...(pageUrl !== undefined && { pageUrl }),
  };
  let from = Date.now();
  if (options.samples) {
    const signal = started.stopping;
    const samples = await showSamples(tour, chosenActions(events), signal);
    await deliveries.showDeliveries(delivery, samples, stack.gatewayUrl, signal);
    from = samples.from;
  }
  if (options.demo) {
    await publishDemo(tour, chosenActions(events), Date.now(), started.stopping);
    from = Math.min(from, Date.now() - HOUR);
  }
  showCommands(tour, from);
  log.progress(`ready after ${process.uptime().toFixed(1)} s: ${apiUrl} (Ctrl-C stops it)`);
  deliveries.follow();
  if (assembly !== undefined)
    await watchSources(
      stack,
      assembly,
      { settings: settingsFile, defaults: LOCAL_DEFAULTS },
      log.progress,
      started,
    );
}

const secretsSchema = z.record(z.string(), secretValueSchema);

const readSecrets = async (file: string | undefined): Promise<Readonly<Record<string, SecretValue>>> =>
  file === undefined ? {} : readJsonFile(file, checkBy(secretsSchema, 'not an object of values by ARN'));

function explain(error: NodeJS.ErrnoException & { port?: number }): string {
  const { code, port, message } = error;
  if (code !== 'EADDRINUSE') return `could not start: ${message}`;
  return `could not start: port ${port} is in use: stop what listens there, or choose others with PORT and AWS_PORT`;
}

try {
  await main();
} catch (error) {
  const { message, exitStatus } = failure(error, USAGE, explain);
  console.error(message);
  process.exit(exitStatus);
}
