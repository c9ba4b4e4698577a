import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { readSettings, type SettingsInput } from '../shared/settings/schema.ts';
import { addOutputs } from './outputs.ts';
import { SecurityLogs } from './security-logs.ts';

export interface SecurityLogsStackProps extends StackProps {
  /** Each setting has a default (docs/contract.md#settings). They are validated here. */
  readonly settings?: SettingsInput;
}

/** A stack with the service and its outputs. Its name is a setting. */
export class SecurityLogsStack extends Stack {
  readonly securityLogs: SecurityLogs;

  constructor(scope: Construct, props: SecurityLogsStackProps = {}) {
    const { settings, ...stackProps } = props;
    const { $schema, stackName, terminationProtection, ...serviceSettings } = readSettings(settings ?? {});
    super(scope, stackName, {
      description: 'Security logs: kept for a while, streamed to a SIEM',
      terminationProtection,
      ...stackProps,
    });
    // The CDK leaves the id `Default` out of logical ids, so a deployed stack keeps its resources.
    this.securityLogs = new SecurityLogs(this, 'Default', { settings: serviceSettings });
    addOutputs(this, this.securityLogs);
  }
}
