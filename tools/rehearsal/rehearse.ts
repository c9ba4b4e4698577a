import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { MARKS, markedEvent } from '../../shared/round-trip/marked-event.ts';
import { waitUntil } from '../../shared/round-trip/wait-until.ts';
import { SECOND } from '../../shared/time.ts';
import { publishOne } from '../publisher/publish-one.ts';
import type { Steps } from '../smoke/steps.ts';
import { type AwsAddress, readAwsAddress } from '../stack/aws-address.ts';
import { findStack } from '../stack/find-stack.ts';
import { readKey } from '../stack/read-key.ts';
import type { Emulator } from './emulator.ts';
import { MISSING, NOT_REHEARSED } from './ministack.ts';
import { trimAssembly } from './trim-assembly.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
const STACK = 'SecurityLogs';
/** Any region and any key: MiniStack believes all of them. */
const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'rehearsal',
  AWS_SECRET_ACCESS_KEY: 'rehearsal',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/**
 * Follows docs/deploy.md with an emulator for the account, as far as the emulator can: to a log in the table.
 *
 * @param folder for what the CDK writes
 * @throws Error naming the first step that failed
 */
export async function rehearse({ url }: Emulator, folder: string, { run }: Steps): Promise<void> {
  const address = readAwsAddress({ 'endpoint-url': url });
  const assembly = join(folder, 'cdk.out');
  const cdk = (...args: string[]) => runCdk(url, args);

  await run('the stack is synthesized', () => cdk('synth', '--quiet', '--output', assembly));
  for (const [id, reason] of trimAssembly(assembly, MISSING)) console.log(`left out  ${id}: ${reason}`);
  await run('the account is prepared: cdk bootstrap', () => cdk('bootstrap', '--app', assembly));
  await run('the stack is deployed: cdk deploy', () =>
    cdk('deploy', '--app', assembly, '--require-approval', 'never'),
  );
  const { apiKeySecretArn, busName, tableName } = await run(`the stack ${STACK} is found`, () =>
    findStack(STACK, address),
  );
  await run('the key of the API is read', () => readKey(apiKeySecretArn, undefined, address));
  const event = markedEvent(MARKS.smoke, 'OPENED', Date.now());
  await run('an event is published', () => publishOne(event, busName, address));
  await run('the table has its log', () =>
    waitUntil(() => hasLog(tableName, event.label.rid, address), {
      timeoutMs: 30 * SECOND,
      now: Date.now,
      hint: 'the log is not there',
    }),
  );
  for (const what of NOT_REHEARSED) console.log(`not rehearsed  ${what}`);
}

async function runCdk(url: string, args: readonly string[]): Promise<void> {
  const env = { ...process.env, ...ENVIRONMENT, AWS_ENDPOINT_URL: url };
  try {
    await promisify(execFile)(process.execPath, [CDK, ...args], { cwd: ROOT, env, maxBuffer: 64e6 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`cdk ${args[0]}: ${`${stdout}${stderr}`.trim().slice(-2000)}`, { cause: error });
  }
}

async function hasLog(table: string, rid: string, address: AwsAddress): Promise<boolean> {
  const client = new DynamoDBClient(address);
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  client.destroy();
  return Items.some((item) => item['rid']?.S === rid);
}
