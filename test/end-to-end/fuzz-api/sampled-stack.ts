import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Started } from '../../../local/emulator/process/close-in-reverse.ts';
import { startLocalStack } from '../../../local/security-logs-stack.ts';
import { type SampleEvent, sampleEvents } from '../../../shared/event/sample-events.ts';
import { SECOND } from '../../../shared/time.ts';
import { publishSecurityEvents } from '../../../tools/publisher/publish-security-events.ts';
import { unthrottled } from '../changed-template.ts';

export const API_KEY = 'the-key-of-the-fuzzer';

/** How long the samples may take to come back, milliseconds. */
const PATIENCE = 60 * SECOND;

/**
 * Starts the local stack on free ports, with a sample of each event, and without the throttle of its stage.
 *
 * @returns the address of the stage
 * @throws Error if the samples do not come back
 */
export async function startSampledStack(started: Started): Promise<string> {
  const quiet = { progress: () => {}, warn: () => {}, detail: () => {} };
  // With a custom service, so that there are deliveries to ask for.
  const settings = fileURLToPath(new URL('../../../local/settings/file-store.json', import.meta.url));
  const options = { port: 0, awsPort: 0, apiKey: API_KEY, log: quiet, settings, patchTemplate: unthrottled };
  const { gatewayUrl, awsUrl, outputs } = await startLocalStack(options, started);
  const samples = sampleEvents('r-1', Date.now());
  const busName = outputs['EventBusName'] ?? '';
  await Promise.all(samples.map((sample) => publish(sample, awsUrl, busName)));

  const until = Date.now() + PATIENCE;
  for (;;) {
    const url = `${outputs['ApiUrl']}?start_time=20000101000000&end_time=99990101000000`;
    const response = await fetch(url, { headers: { apiKey: API_KEY } });
    await response.body?.cancel();
    if (response.headers.get('number-of-results') === String(samples.length)) return `${gatewayUrl}/player`;
    if (Date.now() > until) throw new Error('the samples do not come back');
    await sleep(0.2 * SECOND);
  }
}

async function publish({ source, detail }: SampleEvent, endpoint: string, busName: string): Promise<void> {
  const { failed } = await publishSecurityEvents([detail], { endpoint, busName, source });
  if (failed.length > 0) throw new Error(`a sample was not published: ${JSON.stringify(failed)}`);
}
