import * as z from 'zod/mini';
import { OCSF_VERSIONS } from '../log/formats/ocsf.ts';
import { deliveredFormatSchema, deliveredOcsfVersionSchema } from './delivered-format.ts';
import { fileStoreServiceSchema } from './file-store.ts';
import { functionArn, keyArn, secretArn, text, whole } from './formats.ts';
import { vpcSchema } from './vpc.ts';

/** The setting `delivery`: the custom service that logs are handed to, and how (docs/custom-services.md). */

/** Whether a custom service at this URL may be called: by https, or by http if its host is in `allowedPrivateHosts`. */
function mayBeCalled({
  url,
  allowedPrivateHosts = [],
}: {
  url: string;
  allowedPrivateHosts?: string[] | undefined;
}) {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false;
  return parsed.protocol === 'https:' || allowedPrivateHosts.includes(parsed.hostname);
}

const headerSecretSchema = z.union(
  [
    secretArn,
    z
      .strictObject({
        secretArn,
        kmsKeyArn: keyArn('The KMS key that the secret is encrypted with, if it is not the one of AWS.'),
      })
      .check(z.describe('A secret that is encrypted with a KMS key of yours.')),
  ],
  'the ARN of a secret in Secrets Manager, or { "secretArn": ..., "kmsKeyArn": ... }',
);
export type HeaderSecret = z.infer<typeof headerSecretSchema>;

const httpsServiceSchema = z
  .strictObject({
    type: z.literal('https'),
    url: text(/^https?:\/\/[^\s]+$/, 'an https URL', 'Where each log is posted.'),
    headers: z.optional(
      z
        .record(
          z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'names of HTTP headers')),
          headerSecretSchema,
        )
        .check(
          z.describe(
            'Further request headers, as Authorization: the secret that holds the value of each, by its ARN.',
          ),
        ),
    ),
    allowedPrivateHosts: z.optional(
      z
        .array(z.string('a host name or address').check(z.minLength(1)))
        .check(
          z.describe(
            'Hosts that may have a private, loopback or link-local address, and that may be reached by http.',
          ),
        ),
    ),
  })
  .check(
    z.refine(mayBeCalled, {
      path: ['url'],
      error: 'an https URL without credentials; http only to a host in allowedPrivateHosts',
    }),
  );

const lambdaServiceSchema = z.strictObject({
  type: z.literal('lambda'),
  functionArn,
});

export const customServiceSchema = z
  .discriminatedUnion(
    'type',
    [httpsServiceSchema, lambdaServiceSchema, fileStoreServiceSchema],
    'a service of the type "https", "lambda" or "file-store"',
  )
  .check(z.describe('The custom service that each stored log is handed to.'));
export type CustomService = z.infer<typeof customServiceSchema>;

const payloadSchema = z
  .enum(['text', 'file'], '"text" or "file"')
  .check(z.describe('"text": the log as textual JSON. "file": the log as a JSON file.'));
export type Payload = z.infer<typeof payloadSchema>;

/** The configuration of the deliver function: which service it calls, and with what. */
export const deliverySchema = z.strictObject({
  method: z.literal('api-and-custom-service'),
  service: customServiceSchema,
  payload: z._default(payloadSchema, 'text'),
  format: z._default(deliveredFormatSchema, 'published'),
  ocsfVersion: z._default(deliveredOcsfVersionSchema, OCSF_VERSIONS[0]),
  concurrency: z._default(
    whole(4, 1000, '', 'How many logs are handed to the service at the same time, at most.'),
    1000,
  ),
  requestsPerSecond: z.optional(
    whole(
      1,
      1000,
      '',
      'How many logs are handed to the service a second, at most. Without it there is no limit.',
    ),
  ),
  vpc: z.optional(
    vpcSchema('The VPC from which the custom service is called, if it is not to be called from outside.'),
  ),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** The setting itself. By default logs are read through the API only. */
export const deliverySettingSchema = z._default(
  z
    .discriminatedUnion(
      'method',
      [z.strictObject({ method: z.literal('api') }), deliverySchema],
      '{ "method": "api" }, or { "method": "api-and-custom-service", "service": ..., "payload": ... }',
    )
    .check(
      z.describe('How logs are handed out: over the API only, or over the API and to a custom service.'),
    ),
  { method: 'api' },
);

/** The ARN of each header's secret, by the header's name. */
export const headerSecretArns = (
  headers: Readonly<Record<string, HeaderSecret>> = {},
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, secret]) => [
      name,
      typeof secret === 'string' ? secret : secret.secretArn,
    ]),
  );
