import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from '../http/aws-service.ts';

/** The content of an uploaded object, and the headers by which it came. */
export interface S3Body {
  readonly content: Buffer;
  /** Among them, in lower case, the trailers of a chunked body. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads the body of an upload: as it is, or in the chunks of a client that did not know its checksum at the start.
 * https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-streaming-trailers.html
 *
 * @throws AwsError `IncompleteBody` if chunks are malformed, `BadDigest` if a checksum is not that of the content
 */
export function readS3Body(body: Buffer, requestHeaders: IncomingHttpHeaders): S3Body {
  const given = Object.fromEntries(
    Object.entries(requestHeaders).map(([name, value]) => [name, String(value)]),
  );
  const chunked = given['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  const { content, trailers } = chunked ? readChunks(body) : { content: body, trailers: {} };
  const headers = { ...given, ...trailers };
  const encodings = given['content-encoding']?.split(',').map((encoding) => encoding.trim()) ?? [];
  const encoding = encodings.filter((encoding) => encoding !== 'aws-chunked').join(',');
  if (encoding === '') delete headers['content-encoding'];
  else headers['content-encoding'] = encoding;
  checkDigest(content, headers);
  return { content, headers };
}

function readChunks(body: Buffer): { content: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw incomplete();
    const text = body.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const size = Number.parseInt(line(), 16);
    if (Number.isNaN(size) || at + size > body.length) throw incomplete();
    if (size === 0) break;
    chunks.push(body.subarray(at, at + size));
    at += size;
    if (line() !== '') throw incomplete();
  }
  const trailers: Record<string, string> = {};
  while (at < body.length) {
    const [name = '', ...value] = line().split(':');
    if (name !== '') trailers[name.toLowerCase()] = value.join(':').trim();
  }
  return { content: Buffer.concat(chunks), trailers };
}

const incomplete = (): AwsError =>
  new AwsError(400, 'IncompleteBody', 'The request body terminated unexpectedly');

/** The checksums that can be made here; others are kept, and not looked at. */
const CHECKSUMS: Readonly<Record<string, (content: Buffer) => Buffer>> = {
  'content-md5': (content) => createHash('md5').update(content).digest(),
  'x-amz-checksum-crc32': (content) => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(content));
    return checksum;
  },
  'x-amz-checksum-sha1': (content) => createHash('sha1').update(content).digest(),
  'x-amz-checksum-sha256': (content) => createHash('sha256').update(content).digest(),
};

function checkDigest(content: Buffer, headers: Readonly<Record<string, string>>): void {
  for (const [name, checksum] of Object.entries(CHECKSUMS)) {
    const given = headers[name];
    if (given === undefined || given === checksum(content).toString('base64')) continue;
    throw new AwsError(400, 'BadDigest', `The ${name} you specified did not match the content we received.`);
  }
}
