import * as z from 'zod/mini';

/** The formats of single settings: what AWS accepts as a name, an id or an ARN of each kind. */

/**
 * @param accepted what an error says is accepted
 * @param description what the JSON Schema says of it
 */
export const text = (pattern: RegExp, accepted: string, description: string) =>
  z.string(accepted).check(z.regex(pattern, accepted), z.describe(description));

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export const stackName = text(
  /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  'a letter, then up to 127 letters, digits and hyphens',
  'The name of the CloudFormation stack: a second one in the same account and region needs another.',
);

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
export const busName = text(
  /^(?!default$)[\w.-]{1,256}$/,
  'up to 256 letters, digits, dots, hyphens and underscores, and not "default"',
  'The name of the bus that events are published on: a second stack in the same account and region needs another.',
);

export const account = (description: string) =>
  text(/^\d{12}$/, 'the twelve digits of an AWS account', description);

export const secretArn = text(
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+$/,
  'the ARN of a secret in Secrets Manager',
  'A secret in Secrets Manager whose string is the value.',
);

/** An alias is not accepted, because IAM cannot grant the use of a key by its alias. */
export const keyArn = (description: string) =>
  text(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
    'the ARN of a KMS key (...:key/..., not of an alias)',
    description,
  );

export const functionArn = text(
  /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
  'the ARN of a Lambda function',
  'The function that is invoked with each log.',
);

export const bucketName = text(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'the name of an S3 bucket',
  'The S3 bucket that the logs are written to.',
);

export const alarmTopicArn = text(
  /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/,
  'the ARN of an SNS topic',
  'The SNS topic that is told; its policy must let CloudWatch publish to it.',
);

export const emailAddress = text(
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  'an e-mail address',
  'The address that is written to, once its owner has confirmed the subscription.',
);

export const subnetId = text(
  /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'the id of a subnet (subnet-...)',
  'The id of a subnet.',
);

export const securityGroupId = text(
  /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'the id of a security group (sg-...)',
  'The id of a security group.',
);

/** A whole number within bounds, both included. */
export const whole = (least: number, most: number, unit: string, description: string) => {
  const accepted = `a whole number${unit && ` of ${unit}`} from ${least} to ${most}`;
  return z
    .int(accepted)
    .check(z.minimum(least, accepted), z.maximum(most, accepted), z.describe(description));
};

export const vpcEndpointId = text(
  /^vpce-([0-9a-f]{8}|[0-9a-f]{17})$/,
  'the id of a VPC endpoint (vpce-...)',
  'The id of an interface endpoint for execute-api.',
);

export const domainName = text(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a host name in small letters',
  'The host name, as logs.example.com. Your DNS points it at the output ApiDomainTarget.',
);

export const certificateArn = text(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
  'the ARN of a certificate in ACM',
  'The certificate of this name in ACM, in the region of the stack.',
);

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-logging-to-kinesis.html */
export const accessLogStreamArn = text(
  /^arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/amazon-apigateway-[\w.-]{1,45}$/,
  'the ARN of a Data Firehose stream whose name begins with amazon-apigateway-',
  'A Data Firehose stream of yours that gets a line of each request, also of those that no function sees.',
);

export const webAclArn = text(
  /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[\w-]{1,128}\/[0-9a-f-]{36}$/,
  'the ARN of a regional web ACL',
  'A web ACL of yours, regional, in the region of the stack.',
);
