import { PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { CustomService, Payload } from '../../../shared/settings/delivery.ts';
import { awsClient } from '../../aws-clients.ts';
import { errorName } from '../../error-name.ts';
import { type Deliver, fileName } from '../outcome.ts';

const ATTEMPTS = 2;

/** Writes each log as its own S3 object. If the object exists already, it is left as it is. */
export function fileStoreService(
  { bucket, prefix, bucketOwner, kmsKeyArn }: Extract<CustomService, { type: 'file-store' }>,
  payload: Payload,
): Deliver {
  const client = awsClient(S3Client, ATTEMPTS);
  return async (delivery, abortSignal) => {
    const [date] = new Date(delivery.timestamp).toISOString().split('T');
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: `${prefix}${date?.replaceAll('-', '/')}/${fileName(delivery)}`,
      Body: delivery.json,
      ContentType: 'application/json',
      ...(payload === 'file' ? { ContentDisposition: `attachment; filename="${fileName(delivery)}"` } : {}),
      IfNoneMatch: '*',
      ...(bucketOwner !== undefined && { ExpectedBucketOwner: bucketOwner }),
      ...(kmsKeyArn !== undefined && { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKeyArn }),
    });
    try {
      await client.send(put, { abortSignal });
    } catch (error) {
      const isThere = error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
      if (!isThere) return { kind: 'failed', reason: `the object could not be put: ${errorName(error)}` };
    }
    return { kind: 'delivered' };
  };
}
