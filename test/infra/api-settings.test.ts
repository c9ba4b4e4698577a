import { describe, expect, test } from 'vitest';
import { readSettings, type SettingsInput } from '../../shared/settings/schema.ts';
import { named, synthesize } from './synthesize.ts';

type Api = NonNullable<SettingsInput['api']>;

const ENDPOINTS = ['vpce-0123456789abcdef0', 'vpce-0123456789abcdef1'];
const ADDRESSES = ['198.51.100.0/24', '2001:db8::/32'];
const DOMAIN = {
  name: 'logs.example.com',
  certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef',
};
const WEB_ACL =
  'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/ours/01234567-89ab-cdef-0123-456789abcdef';

const withApi = (api: Api) => synthesize({ api });
const restApi = (api: Api) => withApi(api).all('AWS::ApiGateway::RestApi')[0]?.properties;

describe('the TLS of the API', () => {
  test('is 1.2 at least, without a word in the settings', () => {
    expect(restApi({})).toMatchObject({
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
      EndpointAccessMode: 'BASIC',
    });
  });

  test('is what the settings say, for the host name too', () => {
    const { all } = withApi({ securityPolicy: 'SecurityPolicy_TLS13_1_3_2025_09', domain: DOMAIN });
    for (const type of ['AWS::ApiGateway::RestApi', 'AWS::ApiGateway::DomainName'])
      expect(all(type).map(({ properties }) => properties.SecurityPolicy)).toEqual([
        'SecurityPolicy_TLS13_1_3_2025_09',
      ]);
  });

  test('has no access mode with the policy that came before access modes', () => {
    expect(restApi({ securityPolicy: 'TLS_1_2' })).not.toHaveProperty('EndpointAccessMode');
  });

  test('is never 1.0', () => {
    expect(() => readSettings({ api: { securityPolicy: 'TLS_1_0' } })).toThrow(
      'api.securityPolicy is "TLS_1_0"',
    );
  });
});

describe('the callers of the API', () => {
  const statements = (api: Api) => restApi(api).Policy?.Statement;
  const invoke = { Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' };
  const allowed = { ...invoke, Effect: 'Allow' };

  test('are everyone with the key by default', () => {
    expect(restApi({})).not.toHaveProperty('Policy');
  });

  test('are the addresses of the settings: all others are denied', () => {
    expect(statements({ allowedAddresses: ADDRESSES })).toEqual([
      allowed,
      { ...invoke, Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': ADDRESSES } } },
    ]);
  });

  test('are the VPC endpoints of the settings, with a private API', () => {
    expect(restApi({ vpcEndpointIds: ENDPOINTS }).EndpointConfiguration).toEqual({
      Types: ['PRIVATE'],
      VpcEndpointIds: ENDPOINTS,
    });
    expect(statements({ vpcEndpointIds: ENDPOINTS })).toEqual([
      allowed,
      { ...invoke, Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': ENDPOINTS } } },
    ]);
  });

  test('are addresses behind VPC endpoints, with both: an address has another name there', () => {
    const [, , last] = statements({ vpcEndpointIds: ENDPOINTS, allowedAddresses: ADDRESSES });
    expect(last.Condition).toEqual({ NotIpAddress: { 'aws:VpcSourceIp': ADDRESSES } });
  });
});

describe('a host name', () => {
  test('leads to the stage under the same paths, and its target is an output', () => {
    const { all, outputs } = withApi({ domain: DOMAIN });
    expect(all('AWS::ApiGateway::DomainName')[0]?.properties).toMatchObject({
      DomainName: DOMAIN.name,
      RegionalCertificateArn: DOMAIN.certificateArn,
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
    expect(all('AWS::ApiGateway::BasePathMapping')[0]?.properties).toMatchObject({
      BasePath: 'player',
      Stage: { Ref: all('AWS::ApiGateway::Stage')[0]?.id },
    });
    expect(outputs['ApiDomainTarget']?.Value['Fn::GetAtt'][1]).toBe('RegionalDomainName');
    expect(outputs['ApiDomainHostedZoneId']?.Value['Fn::GetAtt'][1]).toBe('RegionalHostedZoneId');
  });
});

describe('a firewall', () => {
  const associations = (api: Api) =>
    withApi(api)
      .all('AWS::WAFv2::WebACLAssociation')
      .map(({ properties }) => properties);

  test('is not there by default', () => {
    expect(associations({})).toEqual([]);
  });

  test('blocks one address that sends too much, and samples no request, whose header is the key', () => {
    const { all } = withApi({ firewall: { requestsPerFiveMinutes: 500 } });
    const acl = named(all('AWS::WAFv2::WebACL'), 'ApiFirewall');
    expect(acl.properties.Rules).toEqual([
      expect.objectContaining({
        Action: { Block: {} },
        Statement: {
          RateBasedStatement: { Limit: 500, AggregateKeyType: 'IP', EvaluationWindowSec: 300 },
        },
      }),
    ]);
    expect(JSON.stringify(acl.properties)).not.toContain('"SampledRequestsEnabled":true');
    const [association] = all('AWS::WAFv2::WebACLAssociation');
    expect(association?.properties.WebACLArn).toEqual({ 'Fn::GetAtt': [acl.id, 'Arn'] });
    expect(JSON.stringify(association?.properties.ResourceArn)).toContain('/stages/');
  });

  test('is the web ACL of the settings', () => {
    expect(associations({ firewall: { webAclArn: WEB_ACL } })).toMatchObject([{ WebACLArn: WEB_ACL }]);
    expect(withApi({ firewall: { webAclArn: WEB_ACL } }).all('AWS::WAFv2::WebACL')).toEqual([]);
  });
});

describe('throttling', () => {
  test('has what the settings say, of the stage and of windows', () => {
    const { all } = withApi({ throttling: { rate: 100, burst: 200, window: { rate: 10 } } });
    const limits = all('AWS::ApiGateway::Stage')[0]?.properties.MethodSettings.map(
      ({ HttpMethod, ThrottlingRateLimit, ThrottlingBurstLimit }: Record<string, unknown>) => [
        HttpMethod,
        ThrottlingRateLimit,
        ThrottlingBurstLimit,
      ],
    );
    expect(limits).toEqual([
      ['*', 100, 200],
      ['GET', 10, 8],
      ['HEAD', 10, 8],
    ]);
  });
});

describe('a setting of the API', () => {
  test.each<[object, string]>([
    [{ allowedAddresses: ['198.51.100.7'] }, 'api.allowedAddresses.0 is "198.51.100.7"'],
    [{ allowedAddresses: [] }, 'at least one range'],
    [{ vpcEndpointIds: ['vpc-01234567'] }, 'vpce-...'],
    [{ domain: { ...DOMAIN, name: 'https://logs.example.com' } }, 'api.domain.name'],
    [{ domain: { ...DOMAIN, certificateArn: 'mine' } }, 'ARN of a certificate in ACM'],
    [{ domain: DOMAIN, vpcEndpointIds: ENDPOINTS }, 'nothing with vpcEndpointIds'],
    [
      { firewall: { requestsPerFiveMinutes: 100 }, vpcEndpointIds: ENDPOINTS },
      'nothing with vpcEndpointIds: the security groups',
    ],
    [{ firewall: { requestsPerFiveMinutes: 9 } }, 'a whole number of requests from 10 to 1000000'],
    [{ firewall: { webAclArn: 'ours' } }, 'the ARN of a regional web ACL'],
    [{ throttling: { window: { rate: 0 } } }, 'api.throttling.window.rate is 0'],
    [{ throttle: {} }, 'unknown "throttle"'],
  ])('%j is refused by its name, with what is accepted', (api, words) => {
    expect(() => readSettings({ api })).toThrow(words);
  });
});
