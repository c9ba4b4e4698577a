import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../http/aws-service.ts';

const digest = (algorithm: string) => (content: Buffer) => createHash(algorithm).update(content).digest();

/** The checksums that Node can compute; others are stored and not checked. */
const CHECKSUMS: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  'content-md5': digest('md5'),
  'x-amz-checksum-crc32': (content) => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(content));
    return checksum;
  },
  'x-amz-checksum-sha1': digest('sha1'),
  'x-amz-checksum-sha256': digest('sha256'),
};

/** @throws AwsError `BadDigest` if a header has another checksum than the content */
export function checkDigest(content: Buffer, headers: NodeJS.Dict<string | string[]>): void {
  for (const [name, checksum] of Object.entries(CHECKSUMS)) {
    const given = headers[name];
    if (given === undefined || given === checksum(content).toString('base64')) continue;
    throw new AwsError(400, 'BadDigest', `The ${name} you specified did not match the content we received.`);
  }
}
