import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { AwsAddress } from './aws-address.ts';

/** What the tools need of a deployed stack: its outputs (docs/contract.md#settings). */
export interface FoundStack {
  readonly apiUrl: string;
  /** Undefined if the stack has no feed. */
  readonly feedUrl: string | undefined;
  readonly apiKeySecretArn: string;
  readonly busName: string;
  readonly tableName: string;
}

/**
 * Finds a deployed stack by its name in CloudFormation. Whoever asks needs `cloudformation:DescribeStacks`.
 *
 * @throws Error that names the outputs that the stack lacks, and what CloudFormation throws if there is no such stack
 */
export async function findStack(name: string, address: AwsAddress): Promise<FoundStack> {
  const client = new CloudFormationClient(address);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return stackOf(name, new Map(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])));
  } finally {
    client.destroy();
  }
}

function stackOf(name: string, outputs: ReadonlyMap<string | undefined, string | undefined>): FoundStack {
  const missing = ['ApiUrl', 'ApiKeySecretArn', 'EventBusName', 'TableName'].filter(
    (output) => !outputs.get(output),
  );
  if (missing.length > 0)
    throw new Error(
      `the stack ${name} has no output ${missing.join(', ')}: it is not a stack of security logs, or is not deployed yet`,
    );
  return {
    apiUrl: outputs.get('ApiUrl') ?? '',
    feedUrl: outputs.get('FeedUrl'),
    apiKeySecretArn: outputs.get('ApiKeySecretArn') ?? '',
    busName: outputs.get('EventBusName') ?? '',
    tableName: outputs.get('TableName') ?? '',
  };
}
