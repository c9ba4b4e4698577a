import { readUrl } from '../security-logs/options.ts';

/** A local stack is in no region, and believes every key. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

const isLocal = ({ hostname }: URL): boolean => ['127.0.0.1', 'localhost'].includes(hostname);

/** What every tool for a stack can be told of AWS. */
export const AWS_OPTIONS = { region: { type: 'string' }, 'endpoint-url': { type: 'string' } } as const;

/** How AWS is reached: the configuration of a client of the AWS SDK, which the tools take as it is. */
export type AwsAddress = ReturnType<typeof readAwsAddress>;

/**
 * Region and credentials come from where the AWS CLI has them, unless the endpoint is on this machine.
 *
 * @throws UsageError
 */
export function readAwsAddress({
  region,
  'endpoint-url': endpoint,
}: {
  readonly region?: string | undefined;
  readonly 'endpoint-url'?: string | undefined;
}) {
  const url = endpoint === undefined ? undefined : readUrl('--endpoint-url', endpoint);
  return {
    ...(url && { endpoint: url.href, ...(isLocal(url) && LOCAL) }),
    ...(region !== undefined && { region }),
  };
}
