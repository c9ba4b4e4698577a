import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { BatchObject, BatchStore } from '../../shared/archive/archive.ts';
import type { FileStore } from '../../shared/settings/file-store.ts';
import { SECOND } from '../../shared/time.ts';

export interface BatchFilesOptions {
  readonly client: S3Client;
  readonly store: Pick<FileStore, 'bucket' | 'prefix' | 'bucketOwner' | 'kmsKeyArn'>;
}

/** Two runs that write one object at once may both be refused; one of them has to come again. */
const CONFLICT = 409;
/** The object is there. */
const PRECONDITION_FAILED = 412;
const ATTEMPTS = 4;

/**
 * Writes batches as S3 objects. S3 lets one of several conditional writes win.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export const batchFiles = ({ client, store }: BatchFilesOptions): BatchStore => ({
  async put(object, signal) {
    const command = putCommand(store, object);
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(command, { abortSignal: signal });
        return;
      } catch (error) {
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === PRECONDITION_FAILED) return;
        if (status !== CONFLICT || attempt === ATTEMPTS) throw error;
      }
      await sleep(Math.random() * SECOND, undefined, { signal });
    }
  },
});

/** The metadata says what is in the file, and what is not. */
function putCommand(
  { bucket, prefix, bucketOwner, kmsKeyArn }: BatchFilesOptions['store'],
  { batch, content, missing }: BatchObject,
): PutObjectCommand {
  return new PutObjectCommand({
    Bucket: bucket,
    Key: `${prefix}${batch.name}`,
    Body: content,
    ContentType: 'application/x-ndjson',
    // Each compression has the name of its content coding (RFC 9110, 8.4.1; RFC 8878).
    ContentEncoding: batch.form.compression,
    Metadata: {
      logs: String(batch.logs - missing),
      ...(missing > 0 && { missing: String(missing) }),
      ...(batch.gapSince !== undefined && { 'gap-since': new Date(batch.gapSince).toISOString() }),
    },
    IfNoneMatch: '*',
    ...(bucketOwner !== undefined && { ExpectedBucketOwner: bucketOwner }),
    ...(kmsKeyArn !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn }),
  });
}
