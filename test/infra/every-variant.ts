import type { SettingsInput } from '../../shared/settings/schema.ts';
import { IN_FULL, keyArn, VPC } from './settings-in-full.ts';

const serving = (service: object): SettingsInput => ({
  delivery: { method: 'api-and-custom-service', service, vpc: VPC } as never,
});

/** Settings that together give the stack every resource that it can have, by what is special about them. */
export const EVERY_VARIANT: Readonly<Record<string, SettingsInput>> = {
  'the defaults': {},
  'everything at once': {
    ...IN_FULL,
    queueKmsKeyArn: keyArn('queues'),
    eventArchive: { days: 7 },
    table: { maximumThroughput: { writeUnitsPerSecond: 5000, readUnitsPerSecond: 20_000 } },
  },
  'a topic for alarms, and publishers of another account': {
    alarms: { topicArn: 'arn:aws:sns:eu-central-1:111111111111:on-call' },
    publisherAccounts: ['222222222222'],
  },
  'a Lambda function as the service': serving({
    type: 'lambda',
    functionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:to-siem',
  }),
  'a file of each log': serving({ type: 'file-store', bucket: 'the-bucket', kmsKeyArn: keyArn('bucket') }),
  'a host name, a firewall and a key of the customer': {
    ...IN_FULL,
    api: {
      allowedAddresses: ['198.51.100.0/24'],
      domain: {
        name: 'logs.example.com',
        certificateArn: 'arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef',
      },
      firewall: { requestsPerFiveMinutes: 100 },
    },
    account: { kmsKeyArn: keyArn('queues') },
  },
  'access logs, and traces of everything': {
    ...IN_FULL,
    api: {
      accessLogStreamArn:
        'arn:aws:firehose:eu-central-1:111111111111:deliverystream/amazon-apigateway-security-logs',
    },
    canary: { everyMinutes: 5 },
    account: { tracing: true },
  },
  'hashed fields and a key of the customer': {
    personalData: { drop: ['url.full'], hash: ['client.ip'] },
    account: { kmsKeyArn: keyArn('secrets') },
  },
  'a private API, with the canary and a registered consumer': {
    api: { vpcEndpointIds: ['vpce-0123456789abcdef0'] },
    canary: { everyMinutes: 1, vpc: VPC },
    consumers: [{ key: 'siem' }],
  },
  'files of many logs': serving({ type: 'file-store', bucket: 'the-bucket', batch: {} }),
};
