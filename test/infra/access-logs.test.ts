import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/settings/schema.ts';
import { synthesize } from './synthesize.ts';

const STREAM = 'arn:aws:firehose:eu-west-1:111111111111:deliverystream/amazon-apigateway-security-logs';
const stage = (settings: object) => synthesize(settings).all('AWS::ApiGateway::Stage')[0]?.properties;

describe('access logs', () => {
  test('are not there by default', () => {
    expect(stage({})).not.toHaveProperty('AccessLogSetting');
  });

  test('go to the stream of the settings, as JSON', () => {
    const { DestinationArn, Format } = stage({ api: { accessLogStreamArn: STREAM } }).AccessLogSetting;
    expect(DestinationArn).toBe(STREAM);
    expect(JSON.parse(Format)).toMatchObject({
      requestId: '$context.requestId',
      sourceAddress: '$context.identity.sourceIp',
      status: '$context.status',
    });
  });

  test('have neither a header, which may be the key, nor the query', () => {
    const { Format } = stage({ api: { accessLogStreamArn: STREAM } }).AccessLogSetting;
    const variables: string[] = Object.values(JSON.parse(Format));
    for (const variable of variables) expect(variable).toMatch(/^\$context\.[a-zA-Z.]+$/);
    expect(variables.join()).not.toMatch(/header|query|apiKey|authorizer|userAgent|\$context\.path\b/i);
  });

  test('need no role of the whole account', () => {
    const { all } = synthesize({ api: { accessLogStreamArn: STREAM } });
    expect(all('AWS::ApiGateway::Account')).toEqual([]);
  });

  test.each([
    'arn:aws:firehose:eu-west-1:111111111111:deliverystream/another-name',
    'arn:aws:logs:eu-west-1:111111111111:log-group:access',
  ])('are refused to go to %s', (accessLogStreamArn) => {
    expect(() => readSettings({ api: { accessLogStreamArn } })).toThrow(
      `api.accessLogStreamArn is "${accessLogStreamArn}"`,
    );
  });
});
