import * as z from 'zod/mini';
import { COMPRESSIONS } from '../archive/compressions.ts';
import { account, bucketName, keyArn, text, whole } from './formats.ts';

/** The file store of the settings: a file for each log, or files of many logs. */

const fileBatchSchema = z
  .strictObject({
    maxMegabytes: z._default(
      whole(1, 128, 'megabytes', 'About how much a file holds at most, before it is compressed.'),
      64,
    ),
    maxAgeSeconds: z._default(
      whole(
        60,
        3600,
        'seconds',
        'How long a stored log waits for others at most; at most half of retentionHours.',
      ),
      300,
    ),
    compression: z._default(
      z.enum(COMPRESSIONS, '"gzip" or "zstd"').check(z.describe('How the files are compressed.')),
      'gzip',
    ),
  })
  .check(z.describe('Many logs in each file, as lines, instead of a file for each log.'));
export type FileBatch = z.infer<typeof fileBatchSchema>;

export const fileStoreServiceSchema = z.strictObject({
  type: z.literal('file-store'),
  bucket: bucketName,
  prefix: z._default(
    text(/^([\w!.*'()-]+\/)*$/, 'a prefix that ends with /', 'What the keys of the files begin with.'),
    'security-logs/',
  ),
  bucketOwner: z.optional(
    account('The AWS account that owns the bucket; a bucket of any other account is refused.'),
  ),
  kmsKeyArn: z.optional(
    keyArn("The KMS key that the files are encrypted with; without it the bucket's own default holds."),
  ),
  batch: z.optional(fileBatchSchema),
});
export type FileStore = z.infer<typeof fileStoreServiceSchema>;

/** What is looked at of the setting `delivery`. */
type Delivered =
  | { readonly method: 'api' }
  | {
      readonly method: 'api-and-custom-service';
      readonly service: FileStore | { readonly type: 'https' | 'lambda' };
    };

/** A file store that gets files of many logs. */
export type BatchedFileStore = FileStore & { readonly batch: FileBatch };

/** @returns undefined if the settings have another service, or none */
export function batchedFileStore(delivery: Delivered): BatchedFileStore | undefined {
  if (delivery.method === 'api' || delivery.service.type !== 'file-store') return undefined;
  const { batch, ...store } = delivery.service;
  return batch && { ...store, batch };
}
