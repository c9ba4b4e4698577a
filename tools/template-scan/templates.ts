import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SettingsInput } from '../../shared/settings/schema.ts';

const APP = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));

/** By name: the defaults, and a custom service in a VPC with what else scanners look at. */
export const SETTINGS: Readonly<Record<string, SettingsInput>> = {
  'as committed': {},
  'with a custom service': {
    delivery: {
      method: 'api-and-custom-service',
      service: { type: 'https', url: 'https://siem.example/logs' },
      vpc: {
        subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        securityGroupIds: ['sg-0123456789abcdef0'],
      },
    },
    api: {
      allowedAddresses: ['198.51.100.0/24'],
      domain: {
        name: 'logs.example.com',
        certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef',
      },
      firewall: { requestsPerFiveMinutes: 2000 },
    },
    page: true,
    alarms: { email: 'security@siem.example' },
    publisherAccounts: ['111111111111'],
    table: { warmThroughput: { writeUnitsPerSecond: 20_000 } },
    eventArchive: { days: 7 },
  },
};

/**
 * Synthesizes the stack, without the functions' code.
 *
 * @param folder an empty folder
 * @returns the path of the template
 */
export function synthesizeTemplate(settings: SettingsInput, folder: string): string {
  const file = join(folder, 'settings.json');
  writeFileSync(file, JSON.stringify(settings));
  execFileSync(process.execPath, [APP], {
    env: {
      ...process.env,
      SECURITY_LOGS_SETTINGS: file,
      CDK_OUTDIR: join(folder, 'assembly'),
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [] }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return join(folder, 'assembly', 'SecurityLogs.template.json');
}
