import { Stack } from 'aws-cdk-lib';
import { Alarm, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { AlarmReceiver } from '../shared/settings/schema.ts';
import { acknowledge, acknowledgeConformity } from './nag.ts';

/**
 * Notifies someone when any alarm in a scope goes off. It does not notify when an alarm returns to OK: every new
 * alarm does that once, so each deployment would send one message for each alarm. Call it last, after all alarms are
 * made.
 */
export function notifyOfAlarms(scope: Construct, receiver: AlarmReceiver): void {
  const alarmActionArn =
    'topicArn' in receiver ? receiver.topicArn : topicFor(scope, receiver.email).topicArn;
  const action: IAlarmAction = { bind: () => ({ alarmActionArn }) };
  for (const construct of scope.node.findAll()) {
    if (construct instanceof Alarm) construct.addAlarmAction(action);
  }
}

/** The messages name a queue, a function or the API, and a number. They hold no secret and no personal data. */
function topicFor(scope: Construct, email: string): Topic {
  const topic = new Topic(scope, 'AlarmTopic', {
    displayName: 'Security logs',
    enforceSSL: true,
  });
  topic.addSubscription(new EmailSubscription(email));
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
  );
  acknowledgeConformity(topic, {
    SNSEncryptedKMS:
      'CloudWatch cannot publish to a topic with the key aws/sns. The messages hold no secret and no personal data. A topic with a key of yours can be named instead.',
  });
  acknowledge(topic, {
    'Serverless-SNSRedrivePolicy':
      'An e-mail that does not arrive stays visible as the state of its alarm. The dashboard shows all of them.',
  });
  return topic;
}
