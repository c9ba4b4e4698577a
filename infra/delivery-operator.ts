import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledge } from './nag.ts';
import type { DurableQueue } from './queues.ts';

export interface DeliveryOperatorProps {
  readonly function: LambdaFunction;
  /** The ARNs of the event source mappings that feed the function. */
  readonly mappingArns: readonly string[];
  /** New logs. */
  readonly queue: DurableQueue;
  /** Logs that wait for another attempt, and logs that are delivered once more. */
  readonly retries: DurableQueue;
}

/**
 * The policy of a person who operates the delivery: `security-logs status`, `pause`, `resume`, `replay` and `test`, and
 * `npm run redrive` of its dead letters. The stack attaches it to nobody.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_lambda.html
 */
export function deliveryOperatorPolicy(
  scope: Construct,
  id: string,
  { function: fn, mappingArns, queue, retries }: DeliveryOperatorProps,
): ManagedPolicy {
  const deadLetters = [queue.deadLetters.queueArn, retries.deadLetters.queueArn];
  const policy = new ManagedPolicy(scope, id, {
    description: 'Operates the delivery of security logs: pause, resume, replay, test, redrive',
    statements: [
      statement('FindDelivery', ['lambda:ListFunctions', 'lambda:ListEventSourceMappings'], ['*']),
      statement(
        'PauseAndResume',
        ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        mappingArns,
      ),
      statement('TestReceiver', ['lambda:InvokeFunction'], [fn.functionArn]),
      statement(
        'CountMessages',
        ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
        [queue.queueArn, retries.queueArn, ...deadLetters],
      ),
      statement('Replay', ['sqs:SendMessage'], [queue.queueArn, retries.queueArn]),
      statement(
        'TakeDeadLetters',
        [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:ListDeadLetterSourceQueues',
          'sqs:StartMessageMoveTask',
          'sqs:ListMessageMoveTasks',
        ],
        deadLetters,
      ),
      ...(queue.keyArn === undefined
        ? []
        : [statement('QueueKey', ['kms:GenerateDataKey', 'kms:Decrypt'], [queue.keyArn])]),
    ],
  });
  acknowledge(policy, {
    'AwsSolutions-IAM5[Resource::*]': 'Lambda knows no resource for listing functions and mappings.',
  });
  return policy;
}

const statement = (sid: string, actions: string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ sid, actions, resources: [...resources] });
