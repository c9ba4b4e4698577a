import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '../../infra/create-app.ts';
import { type SecurityLogsProps, SecurityLogsStack } from '../../infra/stack.ts';
import { EVENT_ACTIONS } from '../../shared/event-actions.ts';

export interface Resource {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation accepts
  readonly properties: any;
}

/** A statement of a policy, as the template has it. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: Reference;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Reference {
  readonly 'Fn::GetAtt'?: readonly [id: string, attribute: string];
  readonly Ref?: string;
}

/** The stack in its app, without bundling the functions and without CloudFormation's own check: both take long. */
export function stackInApp(props: Partial<SecurityLogsProps> = {}): SecurityLogsStack {
  const app = createApp({
    builtinCloudFormationValidation: false,
    context: { 'aws:cdk:bundling-stacks': [] },
  });
  return new SecurityLogsStack(app, 'SecurityLogs', { events: EVENT_ACTIONS, retentionHours: 48, ...props });
}

/** The synthesized template, to be asked for all resources of a type. */
export function synthesize(props: Partial<SecurityLogsProps> = {}) {
  const template = Template.fromStack(stackInApp(props));
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
