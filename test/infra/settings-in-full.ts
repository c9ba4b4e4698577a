import type { SettingsInput } from '../../shared/settings/schema.ts';

const KEYS = { queues: 1, secrets: 2, bucket: 3 };

/** A key of the customer's for each purpose. */
export const keyArn = (purpose: keyof typeof KEYS): string =>
  `arn:aws:kms:eu-central-1:111111111111:key/${KEYS[purpose]}1111111-2222-3333-4444-555555555555`;

export const VPC = {
  subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  securityGroupIds: ['sg-0123456789abcdef0'],
};

/** Settings with which the template holds everything that it can hold. */
export const IN_FULL: SettingsInput = {
  delivery: {
    method: 'api-and-custom-service',
    service: { type: 'https', url: 'https://siem.example/logs' },
    vpc: VPC,
  },
  page: true,
  alarms: { email: 'security@siem.example' },
};
