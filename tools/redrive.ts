import { SQSClient } from '@aws-sdk/client-sqs';
import { readRedriveOptions, USAGE, UsageError } from './redrive/options.ts';
import { progressDisplay } from './redrive/progress.ts';
import { redrive } from './redrive/redrive.ts';

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

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${USAGE}` : `not redriven: ${(error as Error).message}`);
  process.exitCode = isUsage ? 2 : 1;
}
