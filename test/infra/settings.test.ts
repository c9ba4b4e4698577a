import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings, type SettingsInput } from '../../shared/settings/schema.ts';
import { settingsJsonSchema } from '../../tools/settings-schema.ts';
import { named, synthesize } from './synthesize.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Synthesizes with settings, as `cdk synth` does, and gives the exit status and what was said. */
function synthesizeWith(settings: string): { status: number | null; words: string } {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    writeFileSync(join(folder, 'settings.json'), settings);
    const environment = {
      SECURITY_LOGS_SETTINGS: join(folder, 'settings.json'),
      CDK_OUTDIR: join(folder, 'out'),
    };
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    return { status, words: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('settings.json', () => {
  test('of the repository is valid', () => {
    expect(() =>
      readSettings(JSON.parse(readFileSync(join(ROOT, 'infra/settings.json'), 'utf8'))),
    ).not.toThrow();
  });

  test('has a JSON Schema that is current: npm run settings-schema makes it', () => {
    expect(readFileSync(join(ROOT, 'infra/settings.schema.json'), 'utf8')).toBe(settingsJsonSchema());
  });

  test.each([
    ['{"events":["OPENED","CLOSED"]}', ['events.1', '"CLOSED"', 'STEP_COMPLETED']],
    ['{"retentionHours":0}', ['retentionHours', '0', '1 to 8760']],
    ['{"delivery":{"method":"push"}}', ['delivery.method', '"push"', 'api-and-custom-service']],
    ['{"evnts":"all"}', ['unknown "evnts"']],
    ['{"stackName":"1st"}', ['stackName', '"1st"', 'a letter']],
    ['{"busName":"a/b"}', ['busName', '"a/b"', 'letters, digits']],
    ['{', ['JSON']],
  ])('%s fails the synthesis with the setting, its value and what is accepted', (settings, wanted) => {
    const { status, words } = synthesizeWith(settings);
    expect(status).toBe(1);
    for (const word of ['settings.json', ...wanted]) expect(words).toContain(word);
    expect(words).not.toContain('    at ');
  });
});

describe('a setting', () => {
  const service = { type: 'https', url: 'https://siem.example/logs' };
  const delivery = { method: 'api-and-custom-service', service };
  const vpc = { subnetIds: ['subnet-01234567'], securityGroupIds: ['sg-01234567'] };
  const secretArn = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:siem-token-AbCdEf';
  const alias = 'arn:aws:kms:eu-central-1:111111111111:alias/mine';

  test.each([
    ['stackName', 'a_b'],
    ['busName', 'default'],
    ['busName', 'x'.repeat(257)],
    ['terminationProtection', 'true'],
    ['queueKmsKeyArn', alias],
    ['announcements', 'yes'],
  ])('%s refuses %j', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^wrong settings:\n {2}${name} is "`));
  });

  test.each([
    [{ vpc: { ...vpc, subnetIds: [] } }, 'delivery.vpc.subnetIds', 'at least one subnet'],
    [
      { vpc: { ...vpc, securityGroupIds: [] } },
      'delivery.vpc.securityGroupIds',
      'at least one security group',
    ],
    [{ vpc: { subnetIds: vpc.subnetIds } }, 'delivery.vpc.securityGroupIds', 'is missing'],
    [{ vpc: { ...vpc, subnetIds: ['sg-01234567'] } }, 'delivery.vpc.subnetIds.0', 'subnet-...'],
    [{ vpc: { ...vpc, securityGroupIds: ['default'] } }, 'delivery.vpc.securityGroupIds.0', 'sg-...'],
    [{ format: 'cef' }, 'delivery.format', '"published", "ecs" or "ocsf"'],
    [{ format: 'ocsf', ocsfVersion: '1.2.0' }, 'delivery.ocsfVersion', '"1.1.0" or "1.8.0"'],
    [{ service: { ...service, headers: { A: 'token' } } }, 'delivery.service.headers.A', 'ARN of a secret'],
    [
      { service: { ...service, headers: { A: { secretArn, kmsKeyArn: alias } } } },
      'delivery.service.headers.A.kmsKeyArn',
      'not of an alias',
    ],
    [
      { service: { type: 'file-store', bucket: 'the-bucket', bucketOwner: '1111-2222-3333' } },
      'delivery.service.bucketOwner',
      'twelve digits',
    ],
  ])('of a delivery with %j is refused by its name', (part, name, accepted) => {
    const reading = () => readSettings({ delivery: { ...delivery, ...part } });
    expect(reading).toThrow(`  ${name} `);
    expect(reading).toThrow(accepted);
  });

  test.each([
    [{ email: 'security' }, 'alarms.email is "security"'],
    [{ topicArn: 'on-call' }, 'alarms.topicArn is "on-call"'],
    [{}, 'alarms is an object; accepted: { "topicArn": ... } or { "email": ... }'],
    [{ email: 'security@siem.example', topicArn: 'arn:aws:sns:eu-central-1:111111111111:on-call' }, 'alarms'],
  ])('of alarms %j is refused by its name', (alarms, words) => {
    expect(() => readSettings({ alarms })).toThrow(words);
  });
});

describe('the user of OCSF', () => {
  test.each<NonNullable<SettingsInput['ocsfUser']>>(['label.rid', 'label.master_rid', { name: 'Zoë' }])(
    'may be %j',
    (ocsfUser) => {
      expect(readSettings({ ocsfUser }).ocsfUser).toEqual(ocsfUser);
      const told = synthesize({ ocsfUser })
        .all('AWS::Lambda::Function')
        .flatMap(({ properties }) => properties.Environment?.Variables?.OCSF_USER ?? []);
      expect(told).toEqual(Array(2).fill(JSON.stringify(ocsfUser)));
    },
  );

  test.each([['label.role'], [{ name: '' }], [{ name: 'x'.repeat(129) }], [{}]])('is not %j', (ocsfUser) => {
    expect(() => readSettings({ ocsfUser })).toThrow('ocsfUser');
  });
});

describe('announcements', () => {
  const delivery = {
    method: 'api-and-custom-service',
    service: { type: 'https', url: 'https://siem.example/logs' },
  };
  const ingestIsTold = (settings: object) =>
    named(synthesize(settings).all('AWS::Lambda::Function'), 'Ingest').properties.Environment.Variables
      .ANNOUNCE_STORED_LOGS;

  test('are made where someone was said to listen, and left out with the method "api"', () => {
    expect(ingestIsTold({})).toBe('false');
    expect(ingestIsTold({ delivery })).toBe('true');
  });

  test('are made where the settings want them', () => {
    expect(ingestIsTold({ announcements: true })).toBe('true');
  });

  test('cannot be left out with a custom service, which runs on them', () => {
    expect(() => readSettings({ announcements: false, delivery })).toThrow(
      'announcements is false; accepted: true, or nothing: a custom service runs on what is announced',
    );
  });
});
