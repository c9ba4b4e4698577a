import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from '../shared/settings/schema.ts';

/** The command of the CDK, which Node runs on every platform. */
const CDK = fileURLToPath(new URL('../node_modules/aws-cdk/bin/cdk', import.meta.url));

/**
 * What deleting the stack leaves behind, and what stands in its way, as sentences for whoever deletes it
 * (docs/settings.md#the-account).
 */
export function whatStays({ stackName, terminationProtection, account }: Settings): string {
  const stays =
    account.removal === 'keep'
      ? [
          'These stay, with what is in them: the table of logs (which is also protected against deletion), all queues, the secrets, and the log groups of the functions.',
          'Delete them by hand when you no longer need them. A stack that you deploy afterwards has new ones, another API address and another key.',
        ]
      : [
          'Nothing stays, if the deployed stack has "removal": "delete" too: the table, the queues, the secrets and the log groups are deleted with what is in them.',
          'Deploy first if you have only just changed this setting.',
        ];
  const protection = terminationProtection
    ? ['CloudFormation will refuse: "terminationProtection" is true. Set it to false, deploy, and try again.']
    : [];
  return [`This deletes the stack ${stackName}.`, ...stays, ...protection].join('\n');
}

/** Says what stays, then lets the CDK ask and delete. Its exit status is this one's. */
function main(): void {
  const file =
    process.env['SECURITY_LOGS_SETTINGS'] ??
    fileURLToPath(new URL('../infra/settings.json', import.meta.url));
  process.stdout.write(`${whatStays(readSettings(JSON.parse(readFileSync(file, 'utf8'))))}\n\n`);
  const { status, error } = spawnSync(process.execPath, [CDK, 'destroy', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
}

if (import.meta.main) main();
