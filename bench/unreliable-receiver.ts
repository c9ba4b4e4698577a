import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import type { Template } from '../local/emulator/template/assembly.ts';
import { type LocalStack, startLocalStack } from '../local/security-logs-stack.ts';
import { synthesize } from '../local/synthesize.ts';
import { formatQueryTime } from '../shared/query/time-window.ts';

/**
 * Stores many logs with and without a custom service that fails three requests in ten, and compares how long storing
 * takes; then waits until every log was delivered.
 */

const { values } = parseArgs({
  options: { count: { type: 'string', default: '10000' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log('Usage: node bench/unreliable-receiver.ts [--count N]   (default 10000)');
  process.exit(0);
}
const count = Number(values.count);
const START = Date.UTC(2026, 10, 20, 9);
const FAILING = 0.3;

const delivered = new Map<string, number>();
let requests = 0;
const receiver = createServer((request, response) => {
  requests += 1;
  request.resume().on('end', () => {
    if (Math.random() < FAILING) return response.writeHead(500).end();
    const id = String(request.headers['webhook-id']);
    delivered.set(id, (delivered.get(id) ?? 0) + 1);
    return response.writeHead(204).end();
  });
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

/** Points the template's delivery at the receiver, and makes the first retry come within a second. */
function patchTemplate(template: Template): Template {
  const service = { type: 'https', url, allowedPrivateHosts: ['127.0.0.1'] };
  const text = JSON.stringify(template, (name, value) => {
    if (name === 'DELIVERY')
      return JSON.stringify({ method: 'api-and-custom-service', service, payload: 'text' });
    return name === 'FIRST_RETRY_MS' ? '100' : value;
  });
  return JSON.parse(text);
}

/** Publishes the events and gives the milliseconds until all of them are stored. */
async function store(stack: LocalStack): Promise<number> {
  const bus = new EventBridgeClient({
    endpoint: stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const since = performance.now();
  const batches = Array.from({ length: count / 10 }, (_, batch) =>
    Array.from({ length: 10 }, (_, i) => ({
      EventBusName: 'security-events',
      Source: 'easysend.player',
      DetailType: 'Security Event',
      Detail: JSON.stringify({
        '@timestamp': new Date(START + 10 * batch + i).toISOString(),
        event: { action: 'OPENED', id: `log-${10 * batch + i}` },
      }),
    })),
  );
  await pMap(batches, (Entries) => bus.send(new PutEventsCommand({ Entries })), { concurrency: 8 });
  const window = `start_time=${formatQueryTime(START)}&end_time=${formatQueryTime(START + count + 1000)}`;
  for (let stored = 0; stored < count; ) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const response = await fetch(`${stack.outputs['ApiUrl']}?${window}`, { headers: { apiKey: 'bench' } });
    stored = Number(response.headers.get('number-of-results'));
    await response.body?.cancel();
  }
  bus.destroy();
  return performance.now() - since;
}

const quiet = { progress: () => {}, warn: () => {}, detail: () => {} };
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

for (const settings of ['infra/settings.json', 'local/settings/https.json']) {
  const assembly = await synthesize({ settings });
  const stack = await startLocalStack({
    assembly: assembly.folder,
    apiKey: 'bench',
    log: quiet,
    patchTemplate,
  });
  const since = performance.now();
  console.log(`${settings}: ${count} logs stored in ${seconds(await store(stack))}`);
  if (stack.outputs['DeliveryQueueUrl'] !== undefined) {
    console.log(`  ${delivered.size} of them delivered by then`);
    while (delivered.size < count) await new Promise((resolve) => setTimeout(resolve, 250));
    const twice = [...delivered.values()].filter((times) => times > 1).length;
    console.log(
      `  all delivered after ${seconds(performance.now() - since)}: ${requests} requests, ${twice} logs twice`,
    );
  }
  await stack.close();
  await assembly.close();
}
receiver.closeAllConnections();
receiver.close();
