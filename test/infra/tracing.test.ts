import { describe, expect, test } from 'vitest';
import { IN_FULL } from './settings-in-full.ts';
import { synthesize } from './synthesize.ts';

describe('traces', () => {
  test('are not sent by default', () => {
    const { json } = synthesize(IN_FULL);
    expect(JSON.stringify(json)).not.toMatch(/xray|TracingConfig|TracingEnabled/);
  });

  test('are sent by the API and by every function, and each may send them', () => {
    const { all } = synthesize({ ...IN_FULL, canary: { everyMinutes: 5 }, account: { tracing: true } });
    expect(all('AWS::ApiGateway::Stage').map(({ properties }) => properties.TracingEnabled)).toEqual([true]);
    const functions = all('AWS::Lambda::Function');
    expect(functions.length).toBeGreaterThan(6);
    for (const { properties } of functions) expect(properties.TracingConfig).toEqual({ Mode: 'Active' });

    const sending = all('AWS::IAM::Policy')
      .filter(({ properties }) => JSON.stringify(properties).includes('xray:PutTraceSegments'))
      .flatMap(({ properties }) => properties.Roles);
    expect(sending).toEqual(
      expect.arrayContaining(functions.map(({ properties }) => ({ Ref: properties.Role['Fn::GetAtt'][0] }))),
    );
  });
});
