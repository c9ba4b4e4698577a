import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { SecurityLogs } from './security-logs.ts';

/** Adds the outputs that producers, consumers and operators need. */
export function addOutputs(
  stack: Stack,
  { bus, table, ingest, rejections, api, feed, deliveries, status, page, delivery, dashboard }: SecurityLogs,
): void {
  const outputs: Record<string, [value: string, description: string]> = {
    ApiUrl: [api.url, 'Where logs are read'],
    FeedUrl: [feed.url, 'Where the feed is read'],
    DeliveriesUrl: [deliveries.url, 'Where it is told what became of deliveries to the custom service'],
    StatusUrl: [status.url, 'Where it is told how the service is doing'],
    ApiKeySecretArn: [api.key.secret.secretArn, 'The secret whose string is the API key'],
    EventBusName: [bus.bus.eventBusName, 'Where security events are published'],
    EventBusArn: [bus.bus.eventBusArn, 'Where security events are published, from another account'],
    ProducerPolicy: [stack.toJsonString(bus.producerPolicy), 'The IAM policy a producer needs'],
    TableName: [table.tableName, 'The table of logs'],
    IngestQueueUrl: [ingest.queue.queueUrl, 'Events on their way to becoming logs'],
    IngestDeadLetterQueueUrl: [ingest.queue.deadLetters.queueUrl, 'Events that ingest could not process'],
    DashboardUrl: [dashboard.url, 'The dashboard of the service in CloudWatch'],
    RejectedQueueUrl: [rejections.queue.queueUrl, 'Events that cannot be logs, with the reason'],
  };
  if (api.domain) {
    outputs['ApiDomainTarget'] = [api.domain.target, 'What the DNS record of the host name points at'];
    outputs['ApiDomainHostedZoneId'] = [
      api.domain.hostedZoneId,
      'Its hosted zone, for an alias record of Route 53',
    ];
  }
  if (ingest.hashKey)
    outputs['HashKeySecretArn'] = [
      ingest.hashKey.secret.secretArn,
      'The secret whose string is the key of the hashes in logs',
    ];
  if (page) outputs['PageUrl'] = [page.url, 'Where people look at logs'];
  if (delivery) {
    const { queue, retries, signingSecret, function: fn, operatorPolicy } = delivery;
    outputs['DeliverFunctionName'] = [fn.functionName, 'The function that delivers'];
    outputs['DeliveryOperatorPolicyArn'] = [
      operatorPolicy.managedPolicyArn,
      'The IAM policy of a person who operates the delivery',
    ];
    outputs['DeliveryQueueUrl'] = [queue.queueUrl, 'Logs on their way to the custom service'];
    outputs['DeliveryRetryQueueUrl'] = [retries.queueUrl, 'Logs that wait for another attempt'];
    outputs['DeliveryDeadLetterQueueUrl'] = [
      queue.deadLetters.queueUrl,
      'Logs the custom service did not take',
    ];
    if (signingSecret)
      outputs['SigningSecretArn'] = [signingSecret.secretArn, 'What the requests are signed with'];
  }
  for (const [name, [value, description]] of Object.entries(outputs)) {
    new CfnOutput(stack, name, { value, description });
  }
}
