import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readSettings } from '../../shared/settings/schema.ts';
import { launch } from './fixtures/processes.ts';

const EXAMPLES = fileURLToPath(new URL('../../local/settings', import.meta.url));

const start = (...args: string[]) => {
  const launched = launch(['local/start.ts', ...args]);
  onTestFinished(() => void launched.process.kill('SIGKILL'));
  return launched;
};
const written = async (content: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'file.json');
  await writeFile(file, content);
  return file;
};

const NAMES = { stackName: 'TenantB', busName: 'tenant-b' };

const WITHOUT_LOCAL_EFFECT = {
  terminationProtection: true,
  alarms: { email: 'security@siem.example' },
  queueKmsKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555',
};

test('the examples are settings', async () => {
  const files = await readdir(EXAMPLES);
  expect(files.sort()).toEqual(['file-store-batch.json', 'file-store.json', 'https.json', 'lambda.json']);
  for (const file of files) {
    const { delivery } = readSettings(JSON.parse(await readFile(join(EXAMPLES, file), 'utf8')));
    expect(delivery.method === 'api-and-custom-service' && `${delivery.service.type}.json`).toBe(
      file.replace('-batch', ''),
    );
  }
});

describe('npm start with settings', () => {
  test('delivers the chosen samples to the built-in receiver, and shows them', async () => {
    const https = JSON.parse(await readFile(join(EXAMPLES, 'https.json'), 'utf8'));
    const vpc = { subnetIds: ['subnet-01234567'], securityGroupIds: ['sg-01234567'] };
    const delivery = { ...https.delivery, payload: 'file', vpc };
    const stack = start(
      '--settings',
      await written(
        JSON.stringify({ events: ['Authentication'], delivery, ...WITHOUT_LOCAL_EFFECT, ...NAMES }),
      ),
    );
    await stack.wrote(/^ready/m);
    expect(stack.output()).toMatch(
      /published 9 sample events with PutEvents on the bus tenant-b[\s\S]* OPENED {2}\(not chosen in the settings\)\n/,
    );
    expect(stack.output()).toContain('Number-Of-Results: 4\n');
    const delivered = /delivered to the custom service http:\S+\n([\s\S]*?)\n\n/.exec(stack.output())?.[1];
    const lines = delivered?.split('\n') ?? [];
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).toMatch(
        /^ {2}POST {2}file security-log-(\S+)\.json {2}CheckAuth\w+ {2}\1 {2}signature ok$/,
      );
    }
    stack.process.kill('SIGTERM');
    expect(await stack.ended()).toBe(0);
  });

  test.each([
    ['--settings', '{"delivery":{"method":"fax"}}', 'delivery.method'],
    ['--settings', '{', 'JSON'],
    ['--secrets', '{"arn":7}', 'arn'],
  ])('says what is wrong in the file of %s', async (option, content, word) => {
    const file = await written(content);
    const stack = start(option, file);
    expect(await stack.ended()).toBe(1);
    expect(stack.output()).toContain(`could not start: ${file}: `);
    expect(stack.output()).toContain(word);
    expect(stack.output()).not.toContain('synthesizing');
  });

  test('says that there is no such file', async () => {
    const stack = start('--settings', 'no/such.json');
    expect(await stack.ended()).toBe(1);
    expect(stack.output()).toMatch(/no\/such\.json: there is no such file/);
  });
});
