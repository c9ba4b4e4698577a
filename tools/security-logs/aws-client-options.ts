import { isLocal } from '../publisher/aws-bus.ts';

/** A local stack is in no region, and believes every key. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Where AWS is, as `readAwsAddress` gives it. */
export interface AwsAddress {
  readonly endpoint?: string;
  readonly region?: string | undefined;
}

/** The options of an AWS client. Without a region and credentials, they come from where the AWS CLI has them. */
export const awsClientOptions = ({ endpoint, region }: AwsAddress) => ({
  ...(endpoint !== undefined && { endpoint, ...(isLocal(endpoint) && LOCAL) }),
  ...(region !== undefined && { region }),
});
