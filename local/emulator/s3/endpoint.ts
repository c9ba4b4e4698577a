import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type AwsService, targetOf } from '../http/aws-service.ts';
import { readBody } from '../http/read-body.ts';
import { listObjects, readListInput } from './list.ts';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { errorXml, listXml } from './xml.ts';

/**
 * `PutObject`, `GetObject` and `ListObjectsV2`, addressed by path. Every bucket exists.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */

/** Bytes. */
const OBJECT_LIMIT = 64 * 1024 * 1024;
const KEY_LIMIT = 1024;

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Request headers that come back with the object. */
const KEPT_HEADER =
  /^(content-(type|disposition|encoding|language)|cache-control|expires|x-amz-(meta|checksum)-.*)$/;
/** Request headers that make another operation, or another condition, of a `PutObject`. */
const UNKNOWN_HEADERS = ['x-amz-copy-source', 'if-match', 'x-amz-write-offset-bytes', 'x-amz-trailer'];

interface S3Request {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

export interface S3Options {
  /** Owns every bucket. */
  readonly accountId: string;
  readonly objects: ObjectStore;
  /** Is told of each object that was written. */
  onPut(bucket: string, info: ObjectInfo, content: Buffer): void;
}

export const s3 = (options: S3Options): AwsService => ({
  accepts: (request) => targetOf(request) === '' && BUCKET.test(addressOf(request).bucket),
  async handle(request, response) {
    const requestId = randomUUID();
    response.setHeader('x-amz-request-id', requestId);
    try {
      const { bucket, encodedKey, query } = addressOf(request);
      checkOwner(request, options.accountId);
      const s3Request = { request, response, bucket, key: decode(encodedKey), query };
      await operationFor(s3Request)(s3Request, options);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      response.writeHead(error.status, { 'Content-Type': 'application/xml' });
      response.end(errorXml(error, request.url ?? '', requestId));
    }
  },
});

function checkOwner({ headers }: IncomingMessage, accountId: string): void {
  const expected = headers['x-amz-expected-bucket-owner'];
  if (expected === undefined || expected === accountId) return;
  throw new AwsError(403, 'AccessDenied', `Access Denied: the owner of every bucket is ${accountId} here.`);
}

/** The path as it was sent: a URL would resolve segments of the key such as `..`. */
function addressOf({ url = '/' }: IncomingMessage) {
  const [path = '', query] = url.split('?', 2);
  const [, bucket = '', ...key] = path.split('/');
  return { bucket, encodedKey: key.join('/'), query: new URLSearchParams(query) };
}

function decode(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

type Operation = (request: S3Request, options: S3Options) => Promise<void>;

function operationFor({ request: { method, headers }, key, query }: S3Request): Operation {
  const subresources = [...query.keys()].filter((name) => name !== 'x-id');
  if (key === '' && method === 'GET' && query.get('list-type') === '2') return list;
  if (key !== '' && subresources.length === 0) {
    if (method === 'GET') return get;
    if (method === 'PUT' && !UNKNOWN_HEADERS.some((name) => name in headers)) return put;
  }
  const what = `${method} of ${key === '' ? 'a bucket' : 'an object'} with ${subresources.join(', ') || 'these headers'}`;
  throw new AwsError(501, 'NotImplemented', `The local stack's S3 has no ${what}.`);
}

const put: Operation = async ({ request, response, bucket, key }, { objects, onPut }) => {
  if (Buffer.byteLength(key) > KEY_LIMIT) throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
  const { headers } = request;
  const content = await readBody(request, OBJECT_LIMIT);
  if (content === undefined)
    throw new AwsError(400, 'EntityTooLarge', `An object has at most ${OBJECT_LIMIT} bytes here.`);
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADER.test(name));
  const info: ObjectInfo = {
    key,
    modifiedAt: Date.now(),
    md5: createHash('md5').update(content).digest('hex'),
    size: content.length,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
  };
  const written = await objects.put(bucket, info, content, headers['if-none-match'] === '*');
  if (!written) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    throw new AwsError(412, 'PreconditionFailed', message);
  }
  onPut(bucket, info, content);
  response.writeHead(200, { ETag: `"${info.md5}"` }).end();
};

const get: Operation = async ({ response, bucket, key }, { objects }) => {
  const info = objects.info(bucket, key);
  if (info === undefined) throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
  const content = await objects.content(bucket, key);
  response.writeHead(200, {
    ...info.headers,
    'Content-Length': content.length,
    ETag: `"${info.md5}"`,
    'Last-Modified': new Date(info.modifiedAt).toUTCString(),
  });
  response.end(content);
};

const list: Operation = async ({ response, bucket, query }, { objects }) => {
  const input = readListInput(query);
  const listed = listObjects(objects.list(bucket), input);
  response.writeHead(200, { 'Content-Type': 'application/xml' }).end(listXml(bucket, input, listed));
};
