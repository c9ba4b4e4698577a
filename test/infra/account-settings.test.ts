import { describe, expect, test } from 'vitest';
import { readSettings, type SettingsInput } from '../../shared/settings/schema.ts';
import { IN_FULL, keyArn } from './settings-in-full.ts';
import { statementsOf, synthesize } from './synthesize.ts';

type Account = NonNullable<SettingsInput['account']>;

const withAccount = (account: Account) => synthesize({ ...IN_FULL, account });
const KEY = keyArn('queues');
const HOLDING_DATA = [
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
  'AWS::Logs::LogGroup',
];

describe('a key for everything', () => {
  const stack = withAccount({ kmsKeyArn: KEY });

  test('encrypts the table, every queue, both secrets and every log group', () => {
    expect(stack.all('AWS::DynamoDB::Table')[0]?.properties.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: KEY,
    });
    const keys = (type: string, property: string) =>
      stack.all(type).map(({ properties }) => properties[property]);
    expect(keys('AWS::SQS::Queue', 'KmsMasterKeyId')).toEqual(Array(14).fill(KEY));
    expect(keys('AWS::SecretsManager::Secret', 'KmsKeyId')).toEqual(Array(2).fill(KEY));
    expect(keys('AWS::Logs::LogGroup', 'KmsKeyId')).toEqual(Array(7).fill(KEY));
  });

  /** What a function may do with the key, through which service: `dynamodb kms:Decrypt`. */
  const uses = (name: string): string[] =>
    statementsOf(stack.all, name)
      .filter(({ Resource }) => (Resource as unknown) === KEY)
      .flatMap(({ Action, Condition }) => {
        const via = JSON.stringify(Condition ?? {}).match(/dynamodb|secretsmanager/)?.[0] ?? 'any';
        return [Action].flat().map((action) => `${via} ${action}`);
      });

  test('is used by each function for what it does, and for nothing else', () => {
    const READ = ['dynamodb kms:Decrypt', 'dynamodb kms:DescribeKey'];
    const WRITE = [
      ...READ,
      'dynamodb kms:Encrypt',
      'dynamodb kms:GenerateDataKey',
      'dynamodb kms:GenerateDataKeyWithoutPlaintext',
      'dynamodb kms:ReEncryptFrom',
      'dynamodb kms:ReEncryptTo',
    ];
    const SECRET = ['secretsmanager kms:Decrypt', 'secretsmanager kms:DescribeKey'];
    const SEND = ['any kms:Decrypt', 'any kms:GenerateDataKey'];
    expect(new Set(uses('query'))).toEqual(new Set([...READ, ...SECRET]));
    expect(new Set(uses('feed'))).toEqual(new Set([...READ, ...SECRET, ...SEND]));
    expect(new Set(uses('deliveries'))).toEqual(new Set([...READ, ...SECRET]));
    expect(new Set(uses('status'))).toEqual(new Set([...READ, ...SECRET]));
    expect(new Set(uses('deliver'))).toEqual(new Set([...WRITE, ...SECRET, ...SEND]));
    expect(new Set(uses('ingest'))).toEqual(new Set([...WRITE, 'any kms:Decrypt']));
    expect(uses('page')).toEqual([]);
  });

  test('gives way to the key of the queues', () => {
    const { all } = synthesize({ queueKmsKeyArn: keyArn('bucket'), account: { kmsKeyArn: KEY } });
    for (const { properties } of all('AWS::SQS::Queue'))
      expect(properties.KmsMasterKeyId).toBe(keyArn('bucket'));
  });
});

describe('removal', () => {
  const policies = (account: Account): Set<string> => {
    const { json, all } = withAccount(account);
    const ids = HOLDING_DATA.flatMap((type) => all(type).map(({ id }) => id));
    return new Set(
      ids.flatMap((id) => Object.values(json['Resources'][id]).filter((each) => typeof each === 'string')),
    );
  };

  test('keeps by default what holds data', () => {
    expect([...policies({})].filter((value) => value === 'Delete')).toEqual([]);
    expect(policies({})).toContain('Retain');
  });

  test('deletes all of it if the settings say so, and the table is not protected', () => {
    expect([...policies({ removal: 'delete' })]).not.toContain('Retain');
    expect(policies({ removal: 'delete' })).toContain('Delete');
    expect(
      withAccount({ removal: 'delete' }).all('AWS::DynamoDB::Table')[0]?.properties.DeletionProtectionEnabled,
    ).toBe(false);
  });
});

test('tags are on every kind of resource that holds data or runs', () => {
  const { all } = withAccount({ tags: { CostCenter: 'security' } });
  for (const type of [...HOLDING_DATA, 'AWS::Lambda::Function', 'AWS::Events::EventBus', 'AWS::IAM::Role'])
    for (const { properties } of all(type))
      expect(properties.Tags).toContainEqual({ Key: 'CostCenter', Value: 'security' });
});

test('log groups are kept for 90 days, or for the days of the settings', () => {
  const days = (account: Account) =>
    new Set(
      withAccount(account)
        .all('AWS::Logs::LogGroup')
        .map(({ properties }) => properties.RetentionInDays),
    );
  expect([...days({})]).toEqual([90]);
  expect([...days({ logRetentionDays: 365 })]).toEqual([365]);
});

describe('a function', () => {
  const functionsOf = (functions: NonNullable<SettingsInput['functions']>) =>
    Object.fromEntries(
      synthesize({ ...IN_FULL, functions })
        .all('AWS::Lambda::Function')
        .map(({ properties }) => [properties.Environment.Variables.POWERTOOLS_SERVICE_NAME, properties]),
    );

  test('has the memory and the concurrency of the settings, and the others keep theirs', () => {
    const { query, ingest, feed, deliveries, page, deliver } = functionsOf({
      query: { memoryMegabytes: 3008, reservedConcurrency: 20 },
      deliver: { reservedConcurrency: 100 },
    });
    expect(query).toMatchObject({ MemorySize: 3008, ReservedConcurrentExecutions: 20 });
    expect(deliver).toMatchObject({ MemorySize: 512, ReservedConcurrentExecutions: 100 });
    expect([ingest?.MemorySize, feed?.MemorySize, deliveries?.MemorySize]).toEqual([1024, 1024, 1024]);
    expect(page?.MemorySize).toBe(256);
    expect(ingest).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('that answers windows uses more memory as heap', () => {
    const { query } = functionsOf({ query: { memoryMegabytes: 2792 } });
    expect(query?.Environment.Variables.NODE_OPTIONS).toContain('--max-old-space-size=1832');
  });
});

describe('what is reserved for ingest', () => {
  const reading = (concurrency: number | undefined, reservedConcurrency: number) => () =>
    readSettings({
      ...(concurrency !== undefined && { ingest: { concurrency } }),
      functions: { ingest: { reservedConcurrency } },
    });

  test.each([
    [undefined, 52],
    [2, 4],
    [200, 202],
    [1000, 1002],
  ])('with ingest.concurrency %j is %i at least: its queues use that at most', (concurrency, least) => {
    expect(reading(concurrency, least)).not.toThrow();
    expect(reading(concurrency, least - 1)).toThrow(
      `functions.ingest.reservedConcurrency is ${least - 1}; accepted:`,
    );
  });
});

describe('a setting', () => {
  test.each<[object, string]>([
    [{ account: { removal: 'destroy' } }, 'account.removal is "destroy"; accepted: "keep" or "delete"'],
    [{ account: { logRetentionDays: 100 } }, 'account.logRetentionDays is 100'],
    [{ account: { tags: { 'aws:mine': 'x' } } }, 'that do not begin with aws:'],
    [{ account: { tags: { a: 'ä' } } }, 'account.tags.a is "ä"'],
    [{ account: { kmsKeyArn: 'alias/mine' } }, 'account.kmsKeyArn is "alias/mine"'],
    [{ functions: { query: { memoryMegabytes: 1024 } } }, 'a whole number of megabytes from 1792 to 10240'],
    [{ functions: { ingest: { reservedConcurrency: 51 } } }, 'functions.ingest.reservedConcurrency is 51'],
    [{ functions: { quey: {} } }, 'unknown "quey"'],
  ])('%j is refused by its name, with what is accepted', (settings, words) => {
    expect(() => readSettings(settings)).toThrow(words);
  });
});
