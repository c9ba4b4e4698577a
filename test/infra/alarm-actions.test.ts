import { describe, expect, test } from 'vitest';
import { IN_FULL } from './settings-in-full.ts';
import { synthesize, target } from './synthesize.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:111111111111:on-call';
const alarmsOf = ({ all }: ReturnType<typeof synthesize>) =>
  all('AWS::CloudWatch::Alarm').map(({ properties }) => properties);

describe('alarms', () => {
  test('tell nobody by default', () => {
    const stack = synthesize();
    for (const { AlarmActions } of alarmsOf(stack)) expect(AlarmActions).toBeUndefined();
    expect(stack.all('AWS::SNS::Topic')).toEqual([]);
  });

  test('all tell the topic of the settings when they go off, and not when it is over', () => {
    const stack = synthesize({ ...IN_FULL, alarms: { topicArn: TOPIC } });
    const alarms = alarmsOf(stack);
    expect(alarms.length).toBeGreaterThan(15);
    for (const { AlarmActions, OKActions } of alarms) {
      expect(AlarmActions).toEqual([TOPIC]);
      expect(OKActions).toBeUndefined();
    }
    expect(stack.all('AWS::SNS::Topic')).toEqual([]);
  });

  test('all tell an e-mail address through a topic that takes what comes over TLS from alarms of the account', () => {
    const stack = synthesize(IN_FULL);
    const [topic, ...others] = stack.all('AWS::SNS::Topic');
    expect(others).toEqual([]);
    for (const { AlarmActions } of alarmsOf(stack)) expect(AlarmActions).toEqual([{ Ref: topic?.id }]);
    expect(stack.all('AWS::SNS::Subscription').map(({ properties }) => properties)).toEqual([
      { Protocol: 'email', Endpoint: 'security@siem.example', TopicArn: { Ref: topic?.id } },
    ]);
    const [policy] = stack.all('AWS::SNS::TopicPolicy');
    expect(policy?.properties.Topics.map(target)).toEqual([topic?.id]);
    expect(policy?.properties.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });
});
