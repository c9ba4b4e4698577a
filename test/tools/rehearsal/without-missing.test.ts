import { describe, expect, test } from 'vitest';
import { MISSING } from '../../../tools/rehearsal/ministack.ts';
import { withoutMissing } from '../../../tools/rehearsal/without-missing.ts';

const policy = { Type: 'AWS::Events::EventBusPolicy' };
const queue = { Type: 'AWS::SQS::Queue' };
const leaveOut = (template: Parameters<typeof withoutMissing>[0]) => withoutMissing(template, MISSING);

describe('a template without what an emulator cannot create', () => {
  test('is the same if nothing is missing', () => {
    const template = { Resources: { Queue: queue }, Outputs: { Url: { Value: { Ref: 'Queue' } } } };
    expect(leaveOut(template)).toEqual({ template, leftOut: new Map() });
  });

  test('says why each resource is left out', () => {
    const alarm = (Properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { ...Properties } });
    const { leftOut, template } = leaveOut({
      Resources: { Policy: policy, Sum: alarm({ Metrics: [] }), Simple: alarm({ MetricName: 'Errors' }) },
    });
    expect(Object.keys(template.Resources)).toEqual(['Simple']);
    expect([...leftOut.keys()]).toEqual(['Policy', 'Sum']);
    expect(leftOut.get('Sum')).toContain('computed metrics');
  });

  test('has nothing that refers to what is left out, however far, and no output that does', () => {
    const { template, leftOut } = leaveOut({
      Resources: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's, not JavaScript's
        Last: { ...queue, Properties: { Name: { 'Fn::Sub': 'a-${Second.Arn}-b' } } },
        Second: {
          ...queue,
          Properties: { Name: { 'Fn::Join': ['', ['a', { 'Fn::GetAtt': ['First', 'Arn'] }]] } },
        },
        First: { ...queue, Properties: { Name: { Ref: 'Policy' } } },
        Policy: policy,
        Other: queue,
      },
      Outputs: { Gone: { Value: { Ref: 'Second' } }, There: { Value: { Ref: 'Other' } } },
    });
    expect(Object.keys(template.Resources)).toEqual(['Other']);
    expect(Object.keys(template.Outputs ?? {})).toEqual(['There']);
    expect(leftOut.get('Last')).toBe('refers to Second');
  });

  test('does not wait for what is left out', () => {
    const { template } = leaveOut({
      Resources: {
        Policy: policy,
        One: { ...queue, DependsOn: ['Policy'] },
        Both: { ...queue, DependsOn: ['Policy', 'One'] },
      },
    });
    expect(template.Resources).toEqual({ One: queue, Both: { ...queue, DependsOn: ['One'] } });
  });
});
