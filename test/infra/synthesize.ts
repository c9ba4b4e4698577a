import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { createApp } from '../../infra/create-app.ts';
import { SecurityLogsStack } from '../../infra/stack.ts';
import { readSettings, type SettingsInput } from '../../shared/settings/schema.ts';

export interface Resource {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation accepts
  readonly properties: any;
}

/** A statement of a policy, as the template has it. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: Reference | readonly Reference[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Reference {
  readonly 'Fn::GetAtt'?: readonly [id: string, attribute: string];
  readonly Ref?: string;
}

/** What the apps of this test file write. */
const assemblies = mkdtempSync(join(tmpdir(), 'security-logs-test-'));
afterAll(() => rmSync(assemblies, { recursive: true, force: true }));

/** An empty folder for the assembly of one app. */
export const assemblyFolder = (): string => mkdtempSync(join(assemblies, 'app-'));

/** The stack in its app, without bundling the functions and without CloudFormation's own check: both take long. */
export function stackInApp(settings: SettingsInput = {}): SecurityLogsStack {
  const app = createApp({
    outdir: assemblyFolder(),
    builtinCloudFormationValidation: false,
    context: { 'aws:cdk:bundling-stacks': [] },
  });
  return new SecurityLogsStack(app, { settings: readSettings(settings) });
}

/** What this test file has synthesized, by its settings as JSON. */
const synthesized = new Map<string, ReturnType<typeof synthesizeAnew>>();

/** The synthesized template, to be asked for all resources of a type, and not to be changed. */
export function synthesize(settings: SettingsInput = {}) {
  const key = JSON.stringify(settings);
  const known = synthesized.get(key) ?? synthesizeAnew(settings);
  synthesized.set(key, known);
  return known;
}

function synthesizeAnew(settings: SettingsInput) {
  const template = Template.fromStack(stackInApp(settings));
  return {
    json: template.toJSON(),
    all: (type: string): Resource[] =>
      Object.entries(template.findResources(type)).map(([id, resource]) => ({
        id,
        properties: resource['Properties'] ?? {},
      })),
    outputs: template.findOutputs('*'),
  };
}

/** The one resource whose id begins with `prefix`. */
export function named(resources: readonly Resource[], prefix: string): Resource {
  const [found, ...others] = resources.filter(({ id }) => id.startsWith(prefix));
  if (found === undefined || others.length > 0) throw new Error(`not one resource is called ${prefix}`);
  return found;
}

/** The logical id that `{ "Fn::GetAtt": [id, "Arn"] }` or `{ "Ref": id }` points to. */
export const target = (reference: Reference): string => reference['Fn::GetAtt']?.[0] ?? reference.Ref ?? '';

/** The statements of the role of the function whose service name is `name`. */
export function statementsOf(all: (type: string) => Resource[], name: string): Statement[] {
  const fn = all('AWS::Lambda::Function').find(
    ({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === name,
  );
  return all('AWS::IAM::Policy')
    .filter(({ properties }) => target(properties.Roles[0]) === target(fn?.properties.Role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement);
}

/** What the function whose service name is `name` may do: each action, with the type of what it may do it to. */
export function permissionsOf(all: (type: string) => Resource[], name: string): Record<string, string> {
  const types = new Map(
    [
      'AWS::DynamoDB::Table',
      'AWS::SQS::Queue',
      'AWS::Events::EventBus',
      'AWS::Logs::LogGroup',
      'AWS::SecretsManager::Secret',
    ].flatMap((type) => all(type).map(({ id }) => [id, type] as const)),
  );
  /** The type of what is named, where that is one type. */
  const typeOf = (resource: Statement['Resource']): string => {
    const [type, ...others] = new Set([resource].flat().map((each) => types.get(target(each))));
    return others.length === 0 && type !== undefined ? type : JSON.stringify(resource);
  };
  return Object.fromEntries(
    statementsOf(all, name).flatMap(({ Action, Resource }) =>
      [Action].flat().map((action) => [action, typeOf(Resource)]),
    ),
  );
}

/** What every function may do. */
export const LOG_PERMISSIONS = {
  'logs:CreateLogStream': 'AWS::Logs::LogGroup',
  'logs:PutLogEvents': 'AWS::Logs::LogGroup',
};

/** What every function that checks the API key and reads the table may do. */
export const READER_PERMISSIONS = {
  'dynamodb:Query': 'AWS::DynamoDB::Table',
  'secretsmanager:GetSecretValue': 'AWS::SecretsManager::Secret',
  ...LOG_PERMISSIONS,
};

/** What every function that consumes a queue may do. */
export const CONSUMER_PERMISSIONS = {
  'sqs:ReceiveMessage': 'AWS::SQS::Queue',
  'sqs:DeleteMessage': 'AWS::SQS::Queue',
  'sqs:ChangeMessageVisibility': 'AWS::SQS::Queue',
  'sqs:GetQueueAttributes': 'AWS::SQS::Queue',
  'sqs:GetQueueUrl': 'AWS::SQS::Queue',
  ...LOG_PERMISSIONS,
};
