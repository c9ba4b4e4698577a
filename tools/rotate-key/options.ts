import { readCommandLine, UsageError } from '../../shared/command-line.ts';
import { explain } from '../../shared/errors.ts';
import { APPLICATIONS } from '../../shared/event/bus-events.ts';
import { ACCEPTED_KEY_NAME, keyNameSchema } from '../../shared/keys/key-secret.ts';
import { parseRfc3339 } from '../../shared/query/time-window.ts';
import { readChoice } from '../security-logs/options.ts';
import { AWS_OPTIONS, readAwsAddress } from '../stack/aws-address.ts';
import type { KeyChange, OldKey } from './change-keys.ts';

export const USAGE = `Usage: npm run rotate-key -- --stack NAME [options]

Gives a key of the API a new value. The old value is accepted until the next rotation, unless another time is given.

Options:
  --stack NAME        the stack, by its name in CloudFormation
  --key NAME          which key, if the secret has several
  --old-until TIME    until when the old value is accepted (RFC 3339); the secret becomes a document of named keys
  --revoke            the old value is refused, a minute later at the latest
  --add NAME          adds a key of this name instead; the secret becomes a document of named keys
  --application NAME  with --add: the key opens the logs of player or of builder only
  --remove NAME       removes this key instead: it is refused, a minute later at the latest
  --region REGION     another region than the configured one
  --endpoint-url URL  of AWS (default: that of the region); the local stack's is http://127.0.0.1:4566
  --help              show this

No key is shown: the secret has them. Region and credentials come from where the AWS CLI has them. They need
cloudformation:DescribeStacks, secretsmanager:GetSecretValue, secretsmanager:PutSecretValue and
secretsmanager:UpdateSecretVersionStage.
Exit status: 0 done, 1 failed, 2 wrong usage.
`;

const OPTIONS = {
  stack: { type: 'string', default: '' },
  key: { type: 'string' },
  'old-until': { type: 'string' },
  revoke: { type: 'boolean', default: false },
  add: { type: 'string' },
  application: { type: 'string' },
  remove: { type: 'string' },
  ...AWS_OPTIONS,
} as const;

/**
 * @param now epoch milliseconds
 * @throws UsageError naming what is wrong
 */
export function readRotateOptions(commandLine: readonly string[], now: number) {
  const { values } = readCommandLine(commandLine, OPTIONS);
  const { help, stack, add, remove, application } = values;
  const address = readAwsAddress(values);
  if (help) return { help, stack, address, change: ROTATE };
  if (stack === '') throw new UsageError('--stack is missing: the name of the stack');
  const rotates = values.key !== undefined || values['old-until'] !== undefined || values.revoke;
  if ([add !== undefined, remove !== undefined, rotates].filter(Boolean).length > 1)
    throw new UsageError('--add, --remove and the options of a rotation exclude each other');
  if (application !== undefined && add === undefined) throw new UsageError('--application is for --add');
  return { help, stack, address, change: changeOf() };

  function changeOf(): KeyChange {
    if (remove !== undefined) return { kind: 'remove', name: readName('--remove', remove) };
    if (add === undefined) {
      const name = values.key === undefined ? undefined : readName('--key', values.key);
      return { kind: 'rotate', name, old: readOld(values, now) };
    }
    const limit = application === undefined ? {} : readLimit(application);
    return { kind: 'add', name: readName('--add', add), ...limit };
  }
}

const ROTATE: KeyChange = { kind: 'rotate', name: undefined, old: { kind: 'keep' } };

const readLimit = (application: string) => ({
  application: readChoice('--application', application, APPLICATIONS),
});

function readName(option: string, value: string): string {
  if (keyNameSchema.safeParse(value).success) return value;
  throw new UsageError(explain(option, value, ACCEPTED_KEY_NAME));
}

function readOld(
  { 'old-until': text, revoke }: { 'old-until'?: string | undefined; revoke: boolean },
  now: number,
): OldKey {
  if (text === undefined) return { kind: revoke ? 'revoke' : 'keep' };
  if (revoke) throw new UsageError('--old-until and --revoke exclude each other');
  const until = parseRfc3339(text)?.instant;
  if (until !== undefined && until > now) return { kind: 'until', until };
  throw new UsageError(explain('--old-until', text, 'a time that is to come, in RFC 3339'));
}
