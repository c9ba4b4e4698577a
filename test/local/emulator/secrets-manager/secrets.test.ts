import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  generateSecretString,
  generateSecretStringSchema,
} from '../../../../local/emulator/secrets-manager/generate-secret-string.ts';
import { type AwsFixture, startAwsFixture } from '../../fixtures/aws-fixture.ts';
import { API_KEY } from '../../fixtures/start-fixture.ts';

const HEADER = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:siem/token-AbCdEf';
const ROTATED = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rotated-AbCdEf';

/** Asks a stack for a secret, by ARN or name. */
const read = async (
  { client: configuration }: AwsFixture,
  SecretId = '',
  more: Partial<GetSecretValueCommandInput> = {},
) => {
  const client = new SecretsManagerClient(configuration);
  const command = new GetSecretValueCommand({ SecretId, ...more });
  return client.send(command).finally(() => client.destroy());
};
const write = async (
  { client: configuration }: AwsFixture,
  SecretId: string,
  SecretString: string,
  more = {},
) => {
  const client = new SecretsManagerClient(configuration);
  const command = new PutSecretValueCommand({ SecretId, SecretString, ...more });
  return client.send(command).finally(() => client.destroy());
};
const PREVIOUS = { VersionStage: 'AWSPREVIOUS' };

describe('a secret', () => {
  let stack: AwsFixture;
  beforeAll(async () => {
    stack = await startAwsFixture({
      secrets: { [HEADER]: 'Bearer x', [ROTATED]: { current: 'b', previous: 'a' } },
    });
  });
  afterAll(() => stack.close());

  test('of the template is generated as it says; the API key is as given', async () => {
    const { SecretString, VersionStages } = await read(stack, stack.outputs['SigningSecretArn']);
    expect(SecretString).toMatch(/^[a-zA-Z0-9]{64}$/);
    expect(VersionStages).toEqual(['AWSCURRENT']);
    expect((await read(stack, 'signing')).SecretString).toBe(SecretString);
    expect((await read(stack, 'api-key')).SecretString).toBe(API_KEY);
  });

  test('outside the template has the values given, by ARN or name', async () => {
    expect(await read(stack, HEADER)).toMatchObject({ Name: 'siem/token', SecretString: 'Bearer x' });
    expect((await read(stack, 'rotated')).SecretString).toBe('b');
    expect((await read(stack, ROTATED, PREVIOUS)).SecretString).toBe('a');
  });

  test('that nobody gave, and a version that is not there, are ResourceNotFoundException', async () => {
    const notFound = { name: 'ResourceNotFoundException' };
    await expect(read(stack, 'nothing')).rejects.toMatchObject(notFound);
    await expect(read(stack, HEADER, PREVIOUS)).rejects.toMatchObject({
      ...notFound,
      message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    });
    await expect(read(stack, HEADER, { VersionId: 'x'.repeat(32) })).rejects.toMatchObject(notFound);
  });

  test('that gets a new value keeps the one before, and forgets the one before that', async () => {
    const id = stack.outputs['SigningSecretArn'] ?? '';
    const { SecretString: first } = await read(stack, id);
    const { VersionId } = await write(stack, id, 'second');
    expect(await read(stack, id)).toMatchObject({ SecretString: 'second', VersionId });
    expect((await read(stack, id, PREVIOUS)).SecretString).toBe(first);
    await write(stack, id, 'third');
    expect((await read(stack, id, PREVIOUS)).SecretString).toBe('second');
    expect((await read(stack, id, { VersionId })).VersionStages).toEqual(['AWSPREVIOUS']);
  });

  test('is written once, however often the same is asked for', async () => {
    const token = { ClientRequestToken: '11111111-1111-4111-8111-111111111111' };
    await write(stack, HEADER, 'once', token);
    await write(stack, HEADER, 'once', token);
    expect((await read(stack, HEADER, PREVIOUS)).SecretString).toBe('Bearer x');
    await expect(write(stack, HEADER, 'other', token)).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  test('may have labels of a rotation that leave the current value as it is', async () => {
    await write(stack, ROTATED, 'pending', { VersionStages: ['AWSPENDING'] });
    expect((await read(stack, ROTATED)).SecretString).toBe('b');
    expect((await read(stack, ROTATED, { VersionStage: 'AWSPENDING' })).SecretString).toBe('pending');
  });
});

test('what was generated, or put, is there after a restart; what is given is as it is given', async () => {
  const data = await mkdtemp(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const run = async <T>(use: (stack: AwsFixture) => Promise<T>, apiKey: string): Promise<T> => {
    const stack = await startAwsFixture({ data, apiKey });
    return use(stack).finally(() => stack.close());
  };
  const first = await run(async (stack) => {
    const { SecretString } = await read(stack, 'signing');
    await write(stack, 'signing', 'rotated');
    return SecretString;
  }, 'one');
  await run(async (stack) => {
    expect((await read(stack, 'signing')).SecretString).toBe('rotated');
    expect((await read(stack, 'signing', PREVIOUS)).SecretString).toBe(first);
    expect((await read(stack, 'api-key')).SecretString).toBe('two');
  }, 'two');
  expect(await readFile(join(data, 'secrets.json'), 'utf8')).not.toMatch(/one|two/);
});

describe('a generated secret', () => {
  const generate = (properties: object): string =>
    generateSecretString(generateSecretStringSchema.parse(properties));

  test('has 32 characters of every kind, by default', () => {
    for (let i = 0; i < 50; i += 1) {
      const secret = generate({});
      expect(secret).toHaveLength(32);
      for (const kind of [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/]) expect(secret).toMatch(kind);
      expect(secret).not.toContain(' ');
    }
  });

  test('has no punctuation where it is excluded', () => {
    const properties = { PasswordLength: 500, ExcludePunctuation: true };
    expect(generate(properties)).toMatch(/^[a-zA-Z0-9]{500}$/);
  });

  test('cannot be shorter than its kinds, and other properties are unknown', () => {
    expect(() => generate({ PasswordLength: 3 })).toThrow('no secret of 3 characters');
    for (const name of ['PasswordLenght', 'IncludeSpace', 'SecretStringTemplate']) {
      expect(() => generate({ [name]: 3 })).toThrow(name);
    }
  });
});
