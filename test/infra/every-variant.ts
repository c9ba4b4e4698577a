import type { SettingsInput } from '../../shared/settings/schema.ts';
import { IN_FULL, keyArn, VPC } from './settings-in-full.ts';

const serving = (service: object): SettingsInput => ({
  delivery: { method: 'api-and-custom-service', service, vpc: VPC } as never,
});

/** Settings that together give the stack every resource that it can have, by what is special about them. */
export const EVERY_VARIANT: Readonly<Record<string, SettingsInput>> = {
  'the defaults': {},
  'everything at once': { ...IN_FULL, queueKmsKeyArn: keyArn('queues'), eventArchive: { days: 7 } },
  'a topic for alarms, and publishers of another account': {
    alarms: { topicArn: 'arn:aws:sns:eu-central-1:111111111111:on-call' },
    publisherAccounts: ['222222222222'],
  },
  'a Lambda function as the service': serving({
    type: 'lambda',
    functionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:to-siem',
  }),
  'a file of each log': serving({ type: 'file-store', bucket: 'the-bucket', kmsKeyArn: keyArn('bucket') }),
  'files of many logs': serving({ type: 'file-store', bucket: 'the-bucket', batch: {} }),
};
