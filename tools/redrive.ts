import { SQSClient } from '@aws-sdk/client-sqs';
import { readRedriveOptions, USAGE } from './redrive/options.ts';
import { progressDisplay } from './redrive/progress.ts';
import { redrive } from './redrive/redrive.ts';
import { runTool } from './run-tool.ts';

/** `npm run redrive`: puts a dead-letter queue's messages back. */

/** A local stack is in no region, and believes every key. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const isLocal = (url: string): boolean => ['127.0.0.1', 'localhost'].includes(new URL(url).hostname);

async function main(): Promise<void> {
  const { help, endpointUrl, ...queues } = readRedriveOptions(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const client = new SQSClient(
    endpointUrl === undefined ? {} : { endpoint: endpointUrl, ...(isLocal(endpointUrl) && LOCAL) },
  );
  console.log(await redrive(client, queues, progressDisplay(process.stdout)));
}

await runTool(main, USAGE, ({ message }) => `not redriven: ${message}`);
