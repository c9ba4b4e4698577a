import * as z from 'zod/mini';
import { keyArn } from './formats.ts';

/** What the rules of an AWS account ask of everything in it (docs/settings.md#the-account). */

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Characters that all services of AWS take in a tag. */
const TAG_NAME = /^(?!aws:)[\w .:/=+@-]{1,128}$/;
const TAGS =
  'an object: names of 1 to 128 characters that do not begin with aws:, each with up to 256 characters; letters, digits, spaces and _ . : / = + - @';
const TAG_VALUE = 'up to 256 letters, digits, spaces and any of _ . : / = + - @';

const ACCOUNT_DEFAULTS = {
  tags: {},
  removal: 'keep' as const,
  logRetentionDays: 90 as const,
  tracing: false,
};

export const accountSchema = z._default(
  z
    .strictObject({
      kmsKeyArn: z.optional(
        keyArn(
          'The KMS key that the table, the queues, the secrets and the log groups are encrypted with. Its policy must let EventBridge and CloudWatch Logs use it.',
        ),
      ),
      tags: z._default(
        z
          .record(
            z.string().check(z.regex(TAG_NAME, 'names of tags')),
            z.string(TAG_VALUE).check(z.regex(/^[\w .:/=+@-]{0,256}$/, TAG_VALUE)),
            TAGS,
          )
          .check(z.describe('Tags of every resource that can have them.')),
        ACCOUNT_DEFAULTS.tags,
      ),
      removal: z._default(
        z
          .enum(['keep', 'delete'], '"keep" or "delete"')
          .check(
            z.describe(
              'What becomes of the table, the queues, the secrets and the log groups when the stack is deleted: they stay, or they are deleted with what is in them.',
            ),
          ),
        ACCOUNT_DEFAULTS.removal,
      ),
      logRetentionDays: z._default(
        z
          .literal([...LOG_RETENTIONS], `one of ${LOG_RETENTIONS.join(', ')}`)
          .check(z.describe("How many days the functions' own logs are kept.")),
        ACCOUNT_DEFAULTS.logRetentionDays,
      ),
      tracing: z._default(
        z
          .boolean('true or false')
          .check(z.describe('Whether the API and the functions send traces to AWS X-Ray.')),
        ACCOUNT_DEFAULTS.tracing,
      ),
    })
    .check(z.describe('What the rules of your AWS account ask of everything in it.')),
  ACCOUNT_DEFAULTS,
);
export type AccountSettings = z.infer<typeof accountSchema>;
