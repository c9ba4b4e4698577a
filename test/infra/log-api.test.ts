import { describe, expect, test } from 'vitest';
import { named, synthesize } from './synthesize.ts';

const { all, outputs } = synthesize();
const resources = all('AWS::ApiGateway::Resource');
const methods = all('AWS::ApiGateway::Method').map(({ properties }) => properties);
const query = named(all('AWS::Lambda::Function'), 'ApiQuery').properties;

/** The path of a resource, from the stage's root. */
function path(id: string): string {
  const { PathPart, ParentId } = named(resources, id).properties;
  return `${ParentId.Ref === undefined ? '' : path(ParentId.Ref)}/${PathPart}`;
}

describe('the API', () => {
  test('has the four published paths, and leaves every method to their functions', () => {
    expect(all('AWS::ApiGateway::Stage').map(({ properties }) => properties.StageName)).toEqual(['player']);
    expect(methods.map(({ HttpMethod, ResourceId }) => `${HttpMethod} ${path(ResourceId.Ref)}`)).toEqual([
      'GET /api/get-security-logs',
      'HEAD /api/get-security-logs',
      'ANY /api/get-security-logs',
      'GET /api/security-logs/feed',
      'HEAD /api/security-logs/feed',
      'ANY /api/security-logs/feed',
      'GET /api/security-logs/deliveries',
      'HEAD /api/security-logs/deliveries',
      'ANY /api/security-logs/deliveries',
      'GET /api/security-logs/status',
      'HEAD /api/security-logs/status',
      'ANY /api/security-logs/status',
    ]);
    expect(JSON.stringify(outputs['ApiUrl'])).toContain('/api/get-security-logs');
    expect(JSON.stringify(outputs['FeedUrl'])).toContain('/api/security-logs/feed');
    expect(JSON.stringify(outputs['DeliveriesUrl'])).toContain('/api/security-logs/deliveries');
    expect(JSON.stringify(outputs['StatusUrl'])).toContain('/api/security-logs/status');
  });

  test.each([
    ['/api/get-security-logs', 'ApiQuery'],
    ['/api/security-logs/feed', 'FeedFunction'],
    ['/api/security-logs/deliveries', 'DeliveriesFunction'],
  ])('streams what the function of %s answers, whatever the method', (route, name) => {
    const fn = named(all('AWS::Lambda::Function'), name);
    const integrations = methods
      .filter(({ ResourceId }) => path(ResourceId.Ref) === route)
      .map(({ Integration }) => Integration);
    for (const integration of integrations) {
      expect(integration).toEqual(integrations[0]);
      expect(integration).toMatchObject({ Type: 'AWS_PROXY', ResponseTransferMode: 'STREAM' });
      expect(JSON.stringify(integration.Uri)).toContain('/response-streaming-invocations');
      expect(JSON.stringify(integration.Uri)).toContain(fn.id);
      expect(integration.TimeoutInMillis).toBeGreaterThan(fn.properties.Timeout * 1000);
    }
  });

  test('leaves the query function time to give up', () => {
    const response = Number(query.Environment.Variables.RESPONSE_TIMEOUT_MS);
    expect(response).toBe(55_000);
    expect(query.Timeout * 1000).toBeGreaterThan(response);
  });

  test('leaves the function as much memory again as the logs it may collect', () => {
    const collected = Number(query.Environment.Variables.COLLECT_MEMORY_BYTES);
    expect(query.MemorySize * 1024 * 1024).toBeGreaterThan(2 * collected);
  });

  test('is regional and throttled, and logs neither keys nor queries', () => {
    expect(all('AWS::ApiGateway::RestApi').map(({ properties }) => properties.EndpointConfiguration)).toEqual(
      [{ Types: ['REGIONAL'] }],
    );
    const [stage] = all('AWS::ApiGateway::Stage').map(({ properties }) => properties);
    expect(stage.MethodSettings).toEqual([
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        DataTraceEnabled: false,
        ThrottlingRateLimit: 20,
        ThrottlingBurstLimit: 40,
      },
      ...['GET', 'HEAD'].map((HttpMethod) => ({
        HttpMethod,
        ResourcePath: '/~1api~1get-security-logs',
        DataTraceEnabled: false,
        ThrottlingRateLimit: 4,
        ThrottlingBurstLimit: 8,
      })),
    ]);
    expect(stage.AccessLogSetting).toBeUndefined();
  });

  test('touches no setting of the whole account, and reserves no concurrency', () => {
    expect(all('AWS::ApiGateway::Account')).toEqual([]);
    for (const { properties } of all('AWS::Lambda::Function')) {
      expect(properties.ReservedConcurrentExecutions).toBeUndefined();
    }
  });

  test('leaves the order of its checks to the function: the key before the parameters', () => {
    expect(all('AWS::ApiGateway::RequestValidator')).toEqual([]);
    for (const method of methods) {
      expect(method).toMatchObject({ AuthorizationType: 'NONE' });
      expect(method.RequestParameters).toBeUndefined();
    }
  });

  test('raises an alarm when it answers with a 5xx status', () => {
    expect(
      all('AWS::CloudWatch::Alarm').filter(({ properties }) => properties.MetricName === '5XXError'),
    ).toHaveLength(1);
  });

  test('has a generated key of 48 letters and digits', () => {
    expect(
      all('AWS::SecretsManager::Secret').map(({ properties }) => properties.GenerateSecretString),
    ).toEqual([{ PasswordLength: 48, ExcludePunctuation: true }]);
  });
});

describe('an answer of the gateway itself', () => {
  const answers = all('AWS::ApiGateway::GatewayResponse').map(({ properties }) => properties);

  test.each(answers.map((answer) => [answer.ResponseType, answer]))(
    '%s has the shape of our errors',
    (_, answer) => {
      expect(JSON.parse(answer.ResponseTemplates['application/json'])).toEqual({
        error: { code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/^[A-Z].*\.$/) },
      });
      expect(answer.ResponseParameters).toMatchObject({
        'gatewayresponse.header.Content-Type': "'application/json'",
        'gatewayresponse.header.Cache-Control': "'no-store'",
      });
      expect(answer.StatusCode).toBeUndefined();
    },
  );

  test('is set for unknown paths, large and too many requests, and for everything else by class', () => {
    expect(answers.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining([
        'MISSING_AUTHENTICATION_TOKEN',
        'REQUEST_TOO_LARGE',
        'THROTTLED',
        'DEFAULT_4XX',
        'DEFAULT_5XX',
      ]),
    );
  });

  test('says when to come back, where coming back helps: too many requests, and every 5xx', () => {
    const comesBack = answers
      .filter(({ ResponseParameters }) => 'gatewayresponse.header.Retry-After' in ResponseParameters)
      .map(({ ResponseType }) => ResponseType);
    expect(comesBack.toSorted()).toEqual([
      'DEFAULT_5XX',
      'INTEGRATION_TIMEOUT',
      'QUOTA_EXCEEDED',
      'THROTTLED',
    ]);
    // A literal: what is not in quotes, API Gateway takes for the name of a value.
    for (const { ResponseParameters } of answers)
      expect(ResponseParameters['gatewayresponse.header.Retry-After'] ?? "'1'").toMatch(/^'[1-9]\d*'$/);
  });

  test('never says the same code for two things', () => {
    const codes = answers.map(
      (answer) => JSON.parse(answer.ResponseTemplates['application/json']).error.code,
    );
    expect(new Set(codes).size).toBe(codes.length);
  });
});
