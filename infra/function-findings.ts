import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { acknowledge, acknowledgeConformity } from './nag.ts';

interface FunctionParts {
  readonly fn: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
}

/** Accepts what cdk-nag finds on each function of the service, its role and its log group. */
export function acknowledgeFunction({ fn, role, logGroup }: FunctionParts): void {
  const deadLetters =
    'Its own dead letters are for asynchronous invocations. Queues that invoke it have dead-letter queues; what a schedule starts is done again by the next run.';
  acknowledge(fn, {
    'Serverless-LambdaDLQ': deadLetters,
    'Serverless-LambdaTracing':
      'Whoever deploys the stack decides on X-Ray (the setting account.tracing). The lines have the request id and the time of each step without it.',
    'Serverless-LambdaEventSourceMappingDestination':
      'A destination on failure is for streams. The queue moves what fails to its dead-letter queue.',
  });
  acknowledgeConformity(fn, {
    LambdaDLQ: deadLetters,
    LambdaConcurrency:
      'Its event source or the throttling of the API limits it. Reserved concurrency cannot be deployed in an account with a small quota.',
    LambdaInsideVPC:
      'It accepts no connections and calls AWS over TLS with its role. A function that calls the custom service runs in a VPC if the settings name one.',
  });
  acknowledgeConformity(role, {
    IAMNoInlinePolicy:
      'The policy is of this one role and names its resources. A managed policy could be attached to another role.',
  });
  acknowledgeConformity(logGroup, {
    CloudWatchLogGroupEncrypted:
      'CloudWatch encrypts it at rest with a key of its own, or with that of the setting account.kmsKeyArn. The lines hold no log, no key and no data of users; a test checks that.',
  });
}
