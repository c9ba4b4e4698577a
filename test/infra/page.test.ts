import { describe, expect, test } from 'vitest';
import { named, permissionsOf, synthesize } from './synthesize.ts';

const { all, outputs } = synthesize({ page: true });

describe('the page', () => {
  test('is served by a function of its own, which may write its log and do nothing else', () => {
    expect(permissionsOf(all, 'page')).toEqual({
      'logs:CreateLogStream': 'AWS::Logs::LogGroup',
      'logs:PutLogEvents': 'AWS::Logs::LogGroup',
    });
  });

  test('has a path of its own at the stage, through the streaming integration', () => {
    const resource = named(all('AWS::ApiGateway::Resource'), 'ApiRestsecuritylogs');
    expect(resource.properties.PathPart).toBe('security-logs');
    expect(resource.properties.ParentId).toHaveProperty('Fn::GetAtt.1', 'RootResourceId');
    const methods = all('AWS::ApiGateway::Method').filter(
      ({ properties }) => properties.ResourceId.Ref === resource.id,
    );
    expect(methods.map(({ properties }) => properties.HttpMethod)).toEqual(['GET', 'HEAD', 'ANY']);
    const fn = named(all('AWS::Lambda::Function'), 'PageFunction');
    for (const { properties } of methods) {
      expect(properties.Integration).toMatchObject({ Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM' });
      expect(JSON.stringify(properties.Integration.Uri)).toContain(fn.id);
      expect(properties.Integration.TimeoutInMillis).toBeGreaterThan(fn.properties.Timeout * 1000);
    }
    expect(JSON.stringify(outputs['PageUrl'])).toContain('/security-logs');
  });

  test('is not there unless the settings want it, and changes no other resource', () => {
    const without = synthesize();
    expect(without.outputs).not.toHaveProperty('PageUrl');
    const withPage = synthesize({ page: true }).json['Resources'];
    for (const [id, resource] of Object.entries<{ Type: string }>(without.json['Resources'])) {
      // A deployment belongs to one set of routes, and the dashboard shows every function.
      const belongs = ['AWS::ApiGateway::Deployment', 'AWS::ApiGateway::Stage', 'AWS::CloudWatch::Dashboard'];
      if (belongs.includes(resource.Type)) continue;
      expect(withPage[id]).toEqual(resource);
    }
  });
});
