import * as z from 'zod/mini';
import { securityGroupId, subnetId } from './formats.ts';

/** Where a function runs that does not reach what it needs from outside a VPC. */
export const vpcSchema = (description: string) =>
  z
    .strictObject({
      subnetIds: z
        .array(subnetId)
        .check(
          z.minLength(1, 'at least one subnet'),
          z.describe(
            'The subnets that the function gets network interfaces in; they need a way to AWS itself.',
          ),
        ),
      securityGroupIds: z
        .array(securityGroupId)
        .check(
          z.minLength(1, 'at least one security group'),
          z.describe('The security groups of these network interfaces.'),
        ),
    })
    .check(z.describe(description));
export type VpcSettings = z.infer<ReturnType<typeof vpcSchema>>;
