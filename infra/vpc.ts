import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { acknowledge } from './nag.ts';

/**
 * Lets Lambda create the network interfaces of a function in a VPC. Lambda uses the function's role for that.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function grantNetworkInterfaces(role: IRole): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Lambda needs these actions on all resources: the interfaces do not exist yet, and EC2 has no permission to describe a single one.',
  });
}
