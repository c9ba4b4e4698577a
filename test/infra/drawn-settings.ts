import fc from 'fast-check';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import type { SettingsInput } from '../../shared/settings/schema.ts';
import { keyArn, VPC } from './settings-in-full.ts';

/** Draws settings that are valid in every combination. Only what makes another template is drawn. */

type Part<Name extends keyof SettingsInput> = NonNullable<SettingsInput[Name]>;

const some = <Value>(...values: Value[]) => fc.constantFrom(...values);
const optionally = { requiredKeys: [] as [] };
const UUID = '01234567-89ab-cdef-0123-456789abcdef';
const SECRET = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:siem-token-AbCdEf';

const service = some<Extract<Part<'delivery'>, { service: unknown }>['service']>(
  { type: 'https', url: 'https://siem.example/logs' },
  {
    type: 'https',
    url: 'https://siem.example/logs',
    headers: { A: SECRET, B: { secretArn: SECRET, kmsKeyArn: keyArn('secrets') } },
  },
  { type: 'lambda', functionArn: 'arn:aws:lambda:eu-central-1:111111111111:function:to-siem' },
  { type: 'file-store', bucket: 'the-bucket' },
  { type: 'file-store', bucket: 'the-bucket', kmsKeyArn: keyArn('bucket') },
  { type: 'file-store', bucket: 'the-bucket', kmsKeyArn: keyArn('bucket'), batch: {} },
);

const delivery: fc.Arbitrary<Part<'delivery'>> = fc.oneof(
  fc.constant({ method: 'api' as const }),
  fc.record(
    { method: fc.constant('api-and-custom-service' as const), service, vpc: fc.constant(VPC) },
    { requiredKeys: ['method', 'service'] },
  ),
);

const throttling = fc.record({ rate: fc.integer({ min: 1, max: 10_000 }) }, optionally);
const allowedAddresses = some(['198.51.100.0/24'], ['198.51.100.0/24', '2001:db8::/32']);
const securityPolicy = some('SecurityPolicy_TLS13_1_3_2025_09' as const, 'TLS_1_2' as const);
const accessLogStreamArn = fc.constant(
  'arn:aws:firehose:eu-west-1:111111111111:deliverystream/amazon-apigateway-logs',
);
const publicApi = fc.record(
  {
    allowedAddresses,
    securityPolicy,
    throttling,
    domain: fc.constant({
      name: 'logs.example.com',
      certificateArn: `arn:aws:acm:eu-west-1:111111111111:certificate/${UUID}`,
    }),
    firewall: some(
      { requestsPerFiveMinutes: 100 },
      { webAclArn: `arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/ours/${UUID}` },
    ),
    accessLogStreamArn,
  },
  optionally,
);
const privateApi = fc.record(
  {
    allowedAddresses,
    securityPolicy,
    throttling,
    accessLogStreamArn,
    vpcEndpointIds: fc.constant<string[]>(['vpce-0123456789abcdef0']),
  },
  { requiredKeys: ['vpcEndpointIds'] },
);

const memoryMegabytes = some(1792, 3008);
const size = fc.record({ memoryMegabytes, reservedConcurrency: some(100, 200) }, optionally);

const table = fc.record(
  {
    warmThroughput: some<NonNullable<Part<'table'>['warmThroughput']>>(
      { writeUnitsPerSecond: 20_000 },
      { readUnitsPerSecond: 30_000 },
      { writeUnitsPerSecond: 4000, readUnitsPerSecond: 12_000 },
    ),
    // at least every warm throughput above
    maximumThroughput: some<NonNullable<Part<'table'>['maximumThroughput']>>(
      { writeUnitsPerSecond: 20_000 },
      { writeUnitsPerSecond: 40_000, readUnitsPerSecond: 30_000 },
    ),
  },
  optionally,
);

export const drawnSettings: fc.Arbitrary<SettingsInput> = fc.record(
  {
    stackName: some('SecurityLogs', 'TenantB'),
    busName: some('security-events', 'tenant.b'),
    terminationProtection: fc.boolean(),
    events: fc.oneof(fc.constant('all' as const), fc.uniqueArray(some(...EVENT_ACTIONS), { minLength: 1 })),
    delivery,
    retentionHours: fc.integer({ min: 1, max: 8760 }),
    publisherAccounts: some<string[]>([], ['111111111111'], ['111111111111', '222222222222']),
    announcements: fc.constant(true),
    page: fc.boolean(),
    personalData: some<Part<'personalData'>>(
      { drop: ['client.ip'] },
      { hash: ['client.ip', 'label.rid'] },
      { drop: ['url.full'], hash: ['label.rid'] },
    ),
    api: fc.oneof(publicApi, privateApi),
    functions: fc.record(
      {
        ingest: fc.record({ memoryMegabytes, reservedConcurrency: some(802, 1000) }, optionally),
        query: size,
        feed: size,
        deliveries: size,
        page: size,
        deliver: size,
        archive: size,
      },
      optionally,
    ),
    account: fc.record(
      {
        kmsKeyArn: fc.constant(keyArn('queues')),
        tags: some<Record<string, string>>({}, { CostCenter: 'security', Owner: 'platform' }),
        removal: some('keep' as const, 'delete' as const),
        logRetentionDays: some(1 as const, 365 as const),
        tracing: fc.boolean(),
      },
      optionally,
    ),
    table,
    // at most what `functions.ingest` reserves
    ingest: fc.record({ concurrency: fc.integer({ min: 2, max: 800 }) }, optionally),
    eventArchive: fc.record({ days: fc.integer({ min: 1, max: 3650 }) }),
    alarms: some<Part<'alarms'>>(
      { email: 'security@siem.example' },
      { topicArn: 'arn:aws:sns:eu-central-1:111111111111:on-call' },
    ),
    canary: fc.record({ everyMinutes: some(5, 60), key: fc.constant('canary'), vpc: fc.constant(VPC) }),
    consumers: some<NonNullable<Part<'consumers'>>>(
      [{ key: 'siem' }, { key: 'team', silentAfterMinutes: 30 }],
      [],
    ),
    queueKmsKeyArn: fc.constant(keyArn('queues')),
  },
  optionally,
);
