/**
 * Resource types that make no difference on one machine: rights, alarms and who is told of them, the keeping of logs, and steps of a
 * deployment. Every other type must be among those the local stack brings to life, or it is an error.
 */
const TYPES: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Deployment',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

export const hasNoLocalEffect = (type: string): boolean => TYPES.has(type);

/** Template sections that make no difference on one machine: descriptions, and checks by the deployer. */
export const SECTIONS_WITHOUT_LOCAL_EFFECT: readonly string[] = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
];
