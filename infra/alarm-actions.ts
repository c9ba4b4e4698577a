import type { Stack } from 'aws-cdk-lib';
import { Alarm, type IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { AlarmReceiver } from '../shared/settings/schema.ts';

/**
 * Tells someone when any alarm of the stack goes off. Not when it is over: every new alarm comes to rest once, so each
 * deployment would begin with a message an alarm. Called last, when all alarms are there.
 */
export function notifyOfAlarms(stack: Stack, receiver: AlarmReceiver): void {
  const alarmActionArn =
    'topicArn' in receiver ? receiver.topicArn : topicFor(stack, receiver.email).topicArn;
  const action: IAlarmAction = { bind: () => ({ alarmActionArn }) };
  for (const construct of stack.node.findAll()) {
    if (construct instanceof Alarm) construct.addAlarmAction(action);
  }
}

/** What an alarm says names a queue, a function or the API, and a number: no secret, no personal data. */
function topicFor(stack: Stack, email: string): Topic {
  const topic = new Topic(stack, 'AlarmTopic', {
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
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  );
  return topic;
}
