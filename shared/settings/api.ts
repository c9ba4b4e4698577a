import * as z from 'zod/mini';
import {
  accessLogStreamArn,
  certificateArn,
  domainName,
  vpcEndpointId,
  webAclArn,
  whole,
} from './formats.ts';

/** The settings of the API: who reaches it, under which name, and how often (docs/settings.md#the-api). */

/**
 * What API Gateway offers for regional and private APIs, without the policy that allows TLS 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
 */
const SECURITY_POLICIES = [
  'SecurityPolicy_TLS13_1_2_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09',
  'SecurityPolicy_TLS13_1_3_2025_09',
  'SecurityPolicy_TLS13_1_3_FIPS_2025_09',
  'TLS_1_2',
] as const;

const ADDRESSES = 'an address range in CIDR notation, as 192.0.2.0/24';

const firewallSchema = z
  .union(
    [
      z.strictObject({
        requestsPerFiveMinutes: whole(
          10,
          1_000_000,
          'requests',
          'What one address may send in five minutes; AWS WAF blocks the rest with 403.',
        ),
      }),
      z.strictObject({ webAclArn }),
    ],
    '{ "requestsPerFiveMinutes": ... } or { "webAclArn": ... }',
  )
  .check(
    z.describe('AWS WAF before the API: a rate rule, for which a web ACL is made, or a web ACL of yours.'),
  );
export type Firewall = z.infer<typeof firewallSchema>;

const domainSchema = z
  .strictObject({ name: domainName, certificateArn })
  .check(z.describe('A host name of yours for the API. The paths stay the same.'));
export type ApiDomainSettings = z.infer<typeof domainSchema>;

const rate = (description: string) => whole(1, 10_000, 'requests', description);
const burst = (description: string) => whole(1, 5000, 'requests', description);

/** `burst` requests at once, `rate` a second after that. */
const STAGE_LIMIT = { rate: 20, burst: 40 };
const WINDOW_LIMIT = { rate: 4, burst: 8 };

const throttlingSchema = z
  .strictObject({
    rate: z._default(rate('Requests a second to everything but windows.'), STAGE_LIMIT.rate),
    burst: z._default(burst('The same, at once.'), STAGE_LIMIT.burst),
    window: z._default(
      z
        .strictObject({
          rate: z._default(rate('Requests a second for windows.'), WINDOW_LIMIT.rate),
          burst: z._default(burst('The same, at once.'), WINDOW_LIMIT.burst),
        })
        .check(z.describe('The limit of get-security-logs, whose answers cost most.')),
      WINDOW_LIMIT,
    ),
  })
  .check(z.describe('How many requests the API takes, of all callers together. It answers others with 429.'));
export type Throttling = z.infer<typeof throttlingSchema>;

const API_DEFAULTS = {
  securityPolicy: SECURITY_POLICIES[0],
  throttling: { ...STAGE_LIMIT, window: WINDOW_LIMIT },
};

export const apiSchema = z._default(
  z
    .strictObject({
      allowedAddresses: z.optional(
        z
          .array(z.union([z.cidrv4(), z.cidrv6()], ADDRESSES))
          .check(
            z.minLength(1, 'at least one range'),
            z.describe(
              'The addresses that the API answers; it refuses others with 403. By default it answers all.',
            ),
          ),
      ),
      vpcEndpointIds: z.optional(
        z
          .array(vpcEndpointId)
          .check(
            z.minLength(1, 'at least one VPC endpoint'),
            z.describe('Makes the API private: it is reached through these VPC endpoints only.'),
          ),
      ),
      domain: z.optional(domainSchema),
      securityPolicy: z._default(
        z
          .enum(SECURITY_POLICIES, SECURITY_POLICIES.map((name) => `"${name}"`).join(', '))
          .check(
            z.describe(
              'The TLS versions and ciphers of the API and of its domain; none has less than TLS 1.2.',
            ),
          ),
        API_DEFAULTS.securityPolicy,
      ),
      firewall: z.optional(firewallSchema),
      accessLogStreamArn: z.optional(accessLogStreamArn),
      throttling: z._default(throttlingSchema, API_DEFAULTS.throttling),
    })
    .check(
      z.refine(({ vpcEndpointIds, domain }) => vpcEndpointIds === undefined || domain === undefined, {
        path: ['domain'],
        error: 'nothing with vpcEndpointIds: the name of a private API is made in your VPC',
      }),
      z.refine(({ vpcEndpointIds, firewall }) => vpcEndpointIds === undefined || firewall === undefined, {
        path: ['firewall'],
        error: 'nothing with vpcEndpointIds: the security groups of the VPC endpoints decide there',
      }),
      z.describe('The API: who reaches it, under which name, and how often.'),
    ),
  API_DEFAULTS,
);
export type ApiSettings = z.infer<typeof apiSchema>;
