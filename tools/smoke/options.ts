import { readCommandLine, UsageError } from '../../shared/command-line.ts';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import { SECOND } from '../../shared/time.ts';
import { readChoice, readWholeNumber } from '../security-logs/options.ts';
import { AWS_OPTIONS, readAwsAddress } from '../stack/aws-address.ts';

export const USAGE = `Usage: npm run smoke -- --stack NAME [options]

Publishes one security event, waits until the window and the feed have its log, and says how long each step took.

Options:
  --stack NAME        the stack, by its name in CloudFormation
  --action ACTION     the action of the event; the stack's settings must choose it (default OPENED)
  --key NAME          the key of the API, by its name (default: the first for every application)
  --timeout SECONDS   how long the log may take (default 60)
  --region REGION     another region than the configured one
  --endpoint-url URL  of AWS (default: that of the region); the local stack's is http://127.0.0.1:4566
  --help              show this

The event has the label.rid security-logs-smoke-<uuid> and the service.environment security-logs-smoke, by which a SIEM
tells its log from others. The log stays as any other.

If EASYSEND_SECURITY_LOGS_API_KEY is set, it is the key, and the secret is not read. Region and credentials come from
where the AWS CLI has them. They need cloudformation:DescribeStacks, events:PutEvents and, for the key,
secretsmanager:GetSecretValue.
Exit status: 0 all steps passed, 1 one failed, 2 wrong usage.
`;

/** @throws UsageError naming what is wrong */
export function readSmokeOptions(commandLine: readonly string[]) {
  const { values } = readCommandLine(commandLine, {
    stack: { type: 'string', default: '' },
    action: { type: 'string', default: 'OPENED' },
    key: { type: 'string' },
    timeout: { type: 'string', default: '60' },
    ...AWS_OPTIONS,
  });
  if (!values.help && values.stack === '') throw new UsageError('--stack is missing: the name of the stack');
  return {
    help: values.help,
    stack: values.stack,
    action: readChoice('--action', values.action, EVENT_ACTIONS),
    key: values.key,
    timeoutMs: readWholeNumber('--timeout', values.timeout, 1) * SECOND,
    address: readAwsAddress(values),
  };
}
