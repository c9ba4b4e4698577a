import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, test as base, beforeAll, expect } from 'vitest';
import { functionNames } from '../../../../tools/package/cdk/bundle-functions.ts';
import { type ForeignApp, foreignCdkApp } from '../../../fixtures/foreign-cdk-app.ts';

/** The packed construct in a CDK app that has never seen the repository (docs/embedding.md). */

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));

const APP = `
import { App, Stack } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { SecurityLogs, SecurityLogsStack } from 'security-logs-service-cdk';

const app = new App();
const stack = new Stack(app, 'Embedding');
const logs = new SecurityLogs(stack, 'SecurityLogs', { settings: { page: true, announcements: true } });
const role = (id) => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
logs.grantPublish(role('Player'));
logs.key.grantRead(role('Forwarder'));
logs.onLogStored('Audit', new SqsQueue(new Queue(stack, 'AuditQueue')));

const service = { type: 'lambda', functionArn: 'arn:aws:lambda:eu-central-1:111122223333:function:siem' };
new SecurityLogsStack(app, { settings: { stackName: 'Delivering', delivery: { method: 'api-and-custom-service', service } } });
`;

/** Loads a bundle as Lambda would, and says what its handler is. The streaming helpers are Lambda's own globals. */
const LOAD = `
  globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
  const { handler } = await import(process.argv[1]);
  process.stdout.write(typeof handler);
`;

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation accepts
  readonly Properties: any;
}

let app: ForeignApp | undefined;
let synthesized: Awaited<ReturnType<ForeignApp['synthesize']>>;
beforeAll(async () => {
  app = await foreignCdkApp(APP);
  if (app) synthesized = await app.synthesize();
  else
    console.error('skipped: the packed construct in a CDK app. npm has no registry, and no CDK in its cache');
}, 300_000);
afterAll(() => app?.close());

const test = base.extend<{ installed: ForeignApp }>({
  installed: async ({ skip }, use) => {
    if (app === undefined) skip('npm has no registry, and no CDK in its cache');
    else await use(app);
  },
});

const resourcesOf = (stack: string): [id: string, Resource][] =>
  Object.entries(
    JSON.parse(readFileSync(join(synthesized.assembly, `${stack}.template.json`), 'utf8')).Resources,
  );
const functionsOf = (stack: string): Resource[] =>
  resourcesOf(stack).flatMap(([, resource]) => (resource.Type === 'AWS::Lambda::Function' ? [resource] : []));

test('installs the CDK and nothing else', ({ installed }) => {
  const modules = readdirSync(join(installed.folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(modules).toEqual(['@aws-cdk', 'aws-cdk-lib', 'constructs', 'security-logs-service-cdk']);
});

test('is synthesized without bundling and without a warning', ({ installed: _ }) => {
  expect(synthesized.ran).toBe('');
  expect(synthesized.output).not.toMatch(/warning|error/i);
});

test('has every function of the settings, with code that loads and exports the handler', ({
  installed: _,
}) => {
  const functions = [...functionsOf('Embedding'), ...functionsOf('Delivering')];
  const names = functions.map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME);
  expect(functionNames(ROOT)).toEqual(expect.arrayContaining(names));
  expect(names).toEqual(expect.arrayContaining(['ingest', 'query', 'feed', 'deliveries', 'page', 'deliver']));
  for (const { Properties } of functions) {
    expect(Properties.Handler).toBe('index.handler');
    const folder = join(synthesized.assembly, `asset.${Properties.Code.S3Key.replace('.zip', '')}`);
    const variables = Object.entries(Properties.Environment.Variables).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : 'resolved',
    ]);
    const args = ['--input-type=module', '--eval', LOAD, pathToFileURL(join(folder, 'index.mjs')).href];
    const env = { AWS_REGION: 'eu-central-1', ...Object.fromEntries(variables) };
    expect(execFileSync(process.execPath, args, { env, encoding: 'utf8' })).toBe('function');
  }
});

test('grants what the app asks for', ({ installed: _ }) => {
  const allowed = (role: string): string[] =>
    resourcesOf('Embedding')
      .filter(
        ([, { Type, Properties }]) =>
          Type === 'AWS::IAM::Policy' && String(Properties.Roles?.[0]?.Ref).startsWith(role),
      )
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action }) => Action);
  expect(allowed('Player')).toEqual(['events:PutEvents']);
  expect(allowed('Forwarder')).toEqual(['secretsmanager:GetSecretValue']);
  const rules = resourcesOf('Embedding').filter(([id]) => id.startsWith('SecurityLogsAudit'));
  expect(rules.map(([, { Type }]) => Type)).toEqual(['AWS::Events::Rule']);
});

test('names for its alarms a page that it brings', ({ installed }) => {
  const alarms = resourcesOf('Embedding').filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  expect(alarms.length).toBeGreaterThan(10);
  const { AlarmDescription } = alarms[0]?.[1].Properties ?? {};
  const [, page = 'none'] = /(docs\/\S+\.md)#/.exec(AlarmDescription) ?? [];
  expect(
    readFileSync(join(installed.folder, 'node_modules/security-logs-service-cdk', page), 'utf8'),
  ).toMatch(/^# /);
});

test('has declarations that stand alone, know the settings and find a wrong one', ({ installed }) => {
  const file = (name: string, program: string): string => {
    const path = join(installed.folder, name);
    writeFileSync(path, program);
    return path;
  };
  const embedding = (settings: string): string => `
    import { Stack } from 'aws-cdk-lib';
    import type { IGrantable } from 'aws-cdk-lib/aws-iam';
    import { SecurityLogs, type SecurityLogsSettings } from 'security-logs-service-cdk';
    const settings: SecurityLogsSettings = ${settings};
    export const arnOf = (stack: Stack, consumer: IGrantable): string => {
      const logs = new SecurityLogs(stack, 'SecurityLogs', { settings });
      logs.alarms.map(({ alarmArn }) => alarmArn);
      return logs.delivery?.queue.deadLetters.queueUrl ?? logs.key.grantRead(consumer).API_KEY_SECRET_ARN;
    };`;
  const right = file('right.ts', embedding(`{ events: ['Opened'], table: { warmThroughput: {} } }`));
  const wrong = file('wrong.ts', embedding(`{ events: ['Closed'] }`));
  // The declared settings are those of the schema, both ways.
  const same = file(
    'same.ts',
    `import type { SettingsInput as Declared } from 'security-logs-service-cdk';
    import type { SettingsInput } from '${ROOT}shared/settings/schema.ts';
    export const declared = (settings: SettingsInput): Declared => settings;
    export const input = (settings: Declared): SettingsInput => settings;`,
  );
  const declarations = join(installed.folder, 'node_modules/security-logs-service-cdk/infra/index.d.ts');
  const program = ts.createProgram([right, wrong, same, declarations], {
    noEmit: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    allowImportingTsExtensions: true,
    types: [],
  });
  const errorsOf = (path: string): string[] =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(path)),
      ...program.getSemanticDiagnostics(program.getSourceFile(path)),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  expect(errorsOf(declarations)).toEqual([]);
  expect(errorsOf(right)).toEqual([]);
  expect(errorsOf(same)).toEqual([]);
  expect(errorsOf(wrong)).toEqual([expect.stringContaining(`'"Closed"' is not assignable`)]);
  expect(readFileSync(declarations, 'utf8')).toContain(
    '/** How long a log can be read from its creation, in hours. Default: 48. */',
  );
});
