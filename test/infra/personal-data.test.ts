import { describe, expect, test } from 'vitest';
import { readSettings, type SettingsInput } from '../../shared/settings/schema.ts';
import { keyArn } from './settings-in-full.ts';
import { named, permissionsOf, statementsOf, synthesize, target } from './synthesize.ts';

const HASHING: SettingsInput = { personalData: { drop: ['url.full'], hash: ['client.ip', 'label.rid'] } };

const ingestOf = ({ all }: ReturnType<typeof synthesize>) =>
  named(all('AWS::Lambda::Function'), 'Ingest').properties.Environment.Variables;
const secretsOf = ({ all }: ReturnType<typeof synthesize>) => all('AWS::SecretsManager::Secret');
const isHashKey = ({ id }: { id: string }) => id.startsWith('IngestHashKey');

describe('the key of the hashes', () => {
  const stack = synthesize(HASHING);
  const secret = secretsOf(stack).find(isHashKey);

  test('is generated, kept when the stack is deleted, and named by an output', () => {
    expect(secret?.properties.GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
    expect(stack.json['Resources'][secret?.id ?? ''].DeletionPolicy).toBe('Retain');
    expect(target(stack.outputs['HashKeySecretArn']?.Value as never)).toBe(secret?.id);
  });

  test('is read by the ingest function alone, which is told of it and of the fields', () => {
    const readers = (name: string) =>
      statementsOf(stack.all, name).filter(
        ({ Action, Resource }) =>
          [Action].flat().includes('secretsmanager:GetSecretValue') &&
          JSON.stringify(Resource).includes('HashKey'),
      );
    expect(readers('ingest')).toHaveLength(1);
    for (const name of ['query', 'feed', 'deliveries']) expect(readers(name)).toEqual([]);
    expect(target(ingestOf(stack).HASH_KEY_SECRET_ARN)).toBe(secret?.id);
    expect(JSON.parse(ingestOf(stack).PERSONAL_DATA)).toEqual(HASHING.personalData);
  });

  test("is encrypted with the customer's key, which the function may use to read it and the table, and nothing else", () => {
    const own = synthesize({ ...HASHING, account: { kmsKeyArn: keyArn('secrets') } });
    expect(secretsOf(own).find(isHashKey)?.properties.KmsKeyId).toBe(keyArn('secrets'));
    const services = statementsOf(own.all, 'ingest').flatMap(
      ({ Condition }) =>
        JSON.stringify(Condition ?? {}).match(/(?<=")(dynamodb|secretsmanager)(?=\.)/g) ?? [],
    );
    expect(new Set(services)).toEqual(new Set(['dynamodb', 'secretsmanager']));
  });

  test.each<SettingsInput>([{}, { personalData: { drop: ['client.ip'] } }])(
    'is not there with %j',
    (settings) => {
      const other = synthesize(settings);
      expect(secretsOf(other).some(isHashKey)).toBe(false);
      expect(ingestOf(other).HASH_KEY_SECRET_ARN).toBe('');
      expect(Object.keys(permissionsOf(other.all, 'ingest'))).not.toContain('secretsmanager:GetSecretValue');
      expect(other.outputs).not.toHaveProperty('HashKeySecretArn');
    },
  );
});

describe('the setting personalData', () => {
  test.each([
    [
      { drop: ['client.address'] },
      'personalData.drop.0 is "client.address"',
      'user_agent.os.is_verified_bot',
    ],
    [{ drop: ['event.action'] }, 'personalData.drop.0 is "event.action"', 'which every log has'],
    [{ hash: ['client.ip', '@timestamp'] }, 'personalData.hash.1 is "@timestamp"', 'client.ip'],
    [{ hash: ['label.is_co_browsing_on'] }, 'personalData.hash.0 is "label.is_co_browsing_on"', 'a text'],
    [
      { drop: ['url.full', 'os.full'], hash: ['label.rid', 'os.full'] },
      'personalData.hash.1 is "os.full"',
      'a field that personalData.drop does not name',
    ],
    [{ mask: ['client.ip'] }, 'personalData: unknown "mask"', ''],
  ])('refuses %j with the name, the value and what is accepted', (personalData, name, accepted) => {
    const reading = () => readSettings({ personalData });
    expect(reading).toThrow(name);
    expect(reading).toThrow(accepted);
  });

  test('has empty lists by default', () => {
    const nothing = { drop: [], hash: [] };
    for (const settings of [{}, { personalData: {} }])
      expect(readSettings(settings).personalData).toEqual(nothing);
  });
});
