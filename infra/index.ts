/** What another CDK app imports to embed the service (docs/embedding.md). */

export type { SettingsInput } from '../shared/settings/schema.ts';
export { SecurityLogs, type SecurityLogsProps, type SecurityLogsSettings } from './security-logs.ts';
export { SecurityLogsStack, type SecurityLogsStackProps } from './stack.ts';
