/** Findings of cfn-lint and checkov that are accepted, and why (docs/supply-chain.md#scanning-the-template). */
export interface Acknowledgement {
  /** The id of the finding, as the scanner prints it. */
  readonly id: string;
  /** The type of the resources that it is accepted for. */
  readonly type: string;
  /** Their logical ids, if it is accepted for some only. */
  readonly resource?: RegExp;
  readonly reason: string;
}

const FUNCTION = 'AWS::Lambda::Function';
const STAGE = 'AWS::ApiGateway::Stage';

export const ACKNOWLEDGED: readonly Acknowledgement[] = [
  {
    id: 'W3005',
    type: FUNCTION,
    reason: 'The CDK names the role beside its policy in DependsOn. The order is the same without it.',
  },
  {
    id: 'CKV_AWS_119',
    type: 'AWS::DynamoDB::Table',
    reason:
      "The table is encrypted with the AWS managed key of the account, whose use CloudTrail logs. A customer's own key is the customer's choice.",
  },
  {
    id: 'CKV_AWS_28',
    type: 'AWS::DynamoDB::Table',
    reason: 'Point-in-time recovery would keep personal data for 35 days after its 48 hours.',
  },
  {
    id: 'CKV_AWS_149',
    type: 'AWS::SecretsManager::Secret',
    reason:
      "Secrets Manager encrypts with the AWS managed key of the account. A customer's own key is a choice.",
  },
  {
    id: 'CKV_AWS_158',
    type: 'AWS::Logs::LogGroup',
    reason:
      'CloudWatch encrypts every log group. The functions log ids, counts and reasons, never contents or keys.',
  },
  {
    id: 'CKV_AWS_116',
    type: FUNCTION,
    reason:
      "A function's dead-letter queue is for asynchronous invocations. The queues have dead-letter queues, the API invokes synchronously, and what a schedule starts is done again by the next run.",
  },
  {
    id: 'CKV_AWS_117',
    type: FUNCTION,
    reason:
      'The functions call AWS services only, by TLS and IAM. The deliver function has the setting delivery.vpc.',
  },
  {
    id: 'CKV_AWS_115',
    type: FUNCTION,
    reason:
      'Reserved concurrency cannot be deployed in accounts with a small quota. The event sources have a maximum, and the stage throttles.',
  },
  {
    id: 'CKV_AWS_173',
    type: FUNCTION,
    reason: 'The variables are names, ARNs and limits, and no secret. Lambda encrypts them at rest.',
  },
  {
    id: 'CKV_AWS_73',
    type: STAGE,
    reason: 'Tracing is optional and has a price. Each request has one line in the log of its function.',
  },
  {
    id: 'CKV_AWS_76',
    type: STAGE,
    reason: 'Access logs of a REST API need a role set for the whole account. The functions log requests.',
  },
  {
    id: 'CKV_AWS_120',
    type: STAGE,
    reason:
      'A cache would keep personal data, and would answer with old logs. Streamed answers are not cached.',
  },
  {
    id: 'CKV_AWS_59',
    type: 'AWS::ApiGateway::Method',
    reason:
      'The functions check the key against the secret, right after the method (docs/contract.md#reading-logs).',
  },
  {
    id: 'CKV_AWS_27',
    type: 'AWS::SQS::Queue',
    reason:
      'checkov accepts KMS only. Every queue is encrypted by SQS, or with the key of the setting queueKmsKeyArn.',
  },
  {
    id: 'CKV_AWS_26',
    type: 'AWS::SNS::Topic',
    reason:
      'The messages of alarms name a queue, a function or the API, and a number (infra/alarm-actions.ts).',
  },
  {
    id: 'CKV_AWS_192',
    type: 'AWS::WAFv2::WebACL',
    reason:
      'Nothing behind the API runs Java. The web ACL has the one rule that the setting api.firewall asks for; with webAclArn the deployer names one with other rules.',
  },
  {
    id: 'CKV_AWS_111',
    type: 'AWS::IAM::Policy',
    resource: /^Delivery/,
    reason:
      'Lambda needs the network interface actions of a VPC on all resources: the interfaces do not exist yet (infra/vpc.ts).',
  },
];
