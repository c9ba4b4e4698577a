import { describe, expect, test } from 'vitest';
import { IN_FULL } from './settings-in-full.ts';
import { stackInApp, synthesize } from './synthesize.ts';

/** What CloudFormation calls the properties that give a resource its name. */
const NAME = /Name$/;
/** Properties that end like it and name another resource, or something within one: a policy in its role, a stage in its API. */
const NO_NAMES = ['DisplayName', 'EventBusName', 'MetricName', 'PolicyName', 'StageName'];

/** The physical names that a template gives, with the resources that have them. */
function namesIn(json: {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}) {
  return Object.entries(json.Resources).flatMap(([id, { Type, Properties = {} }]) =>
    Object.entries(Properties)
      .filter(([property]) => NAME.test(property) && !NO_NAMES.includes(property))
      // of a permission or a mapping, the function that it is for
      .filter(([property]) => property !== 'FunctionName' || Type === 'AWS::Lambda::Function')
      .map(([property, name]) => ({ resource: `${id}.${property}`, name: JSON.stringify(name) })),
  );
}

const namesOf = (stackName: string, busName: string) =>
  namesIn(synthesize({ ...IN_FULL, stackName, busName }).json as Parameters<typeof namesIn>[0]);

describe('two stacks in one account', () => {
  test('have no physical name in common where the settings name them differently', () => {
    const first = namesOf('SecurityLogs', 'security-events');
    const second = namesOf('SecurityLogsOfTenantB', 'tenant-b');
    expect(first.map(({ resource }) => resource)).toEqual(second.map(({ resource }) => resource));
    expect(first.length).toBeGreaterThan(0);
    const taken = new Set(first.map(({ name }) => name));
    expect(second.filter(({ name }) => taken.has(name))).toEqual([]);
  });

  test('count their metrics apart', () => {
    const { all } = synthesize({ stackName: 'SecurityLogsOfTenantB', busName: 'tenant-b' });
    for (const { properties } of all('AWS::Lambda::Function')) {
      expect(properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE).toBe('SecurityLogsOfTenantB');
    }
  });

  test('export nothing, which an account can have once only', () => {
    for (const { Export } of Object.values(synthesize(IN_FULL).outputs)) expect(Export).toBeUndefined();
  });
});

describe('the names of the settings', () => {
  test('are the stack and the bus', () => {
    const stack = stackInApp({ stackName: 'TenantB', busName: 'tenant.b_1' });
    expect(stack.stackName).toBe('TenantB');
    const { all } = synthesize({ stackName: 'TenantB', busName: 'tenant.b_1' });
    expect(all('AWS::Events::EventBus').map(({ properties }) => properties.Name)).toEqual(['tenant.b_1']);
  });

  test('are SecurityLogs and security-events by default', () => {
    expect(stackInApp().stackName).toBe('SecurityLogs');
    expect(synthesize().all('AWS::Events::EventBus')[0]?.properties.Name).toBe('security-events');
  });
});
