import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type AwsService, targetOf } from '../http/aws-service.ts';
import { readBody } from '../http/read-body.ts';
import type { ObjectStore } from './object-store.ts';
import { errorXml, listXml } from './xml.ts';

/**
 * `PutObject`, `GetObject` and `ListObjectsV2`, addressed by path. Every bucket exists.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */

/** Bytes. */
const OBJECT_LIMIT = 64 * 1024 * 1024;
const KEY_LIMIT = 1024;
/** Objects of a listing's page. */
const PAGE_LIMIT = 1000;

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Request headers that come back with the object. */
const KEPT_HEADER =
  /^(content-(type|disposition|encoding|language)|cache-control|expires|x-amz-(meta|checksum)-.*)$/;
/** Request headers that make another operation, or another condition, of a `PutObject`. */
const UNKNOWN_HEADERS = ['x-amz-copy-source', 'if-match', 'x-amz-write-offset-bytes', 'x-amz-trailer'];
/** What a listing may be asked for. */
const LIST_PARAMETERS = ['x-id', 'list-type', 'prefix', 'max-keys', 'continuation-token'];

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
  onPut(bucket: string, key: string, content: Buffer): void;
}

export const s3 = (options: S3Options): AwsService => ({
  accepts: (request) => targetOf(request) === '' && BUCKET.test(addressOf(request).bucket),
  async handle(request, response) {
    const requestId = randomUUID();
    response.setHeader('x-amz-request-id', requestId);
    try {
      const { bucket, encodedKey, query } = addressOf(request);
      checkOwner(request, options.accountId);
      const s3Request = { request, response, bucket, key: decodeURIComponent(encodedKey), query };
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

type Operation = (request: S3Request, options: S3Options) => Promise<void>;

function operationFor({ request: { method, headers }, key, query }: S3Request): Operation {
  const known = key === '' ? LIST_PARAMETERS : ['x-id'];
  const unknown = [...query.keys()].filter((name) => !known.includes(name));
  if (unknown.length === 0) {
    if (key === '' && method === 'GET' && query.get('list-type') === '2') return list;
    if (key !== '' && method === 'GET') return get;
    if (key !== '' && method === 'PUT' && !UNKNOWN_HEADERS.some((name) => name in headers)) return put;
  }
  const what = `${method} of ${key === '' ? 'a bucket' : 'an object'} with ${unknown.join(', ') || 'these headers'}`;
  throw new AwsError(501, 'NotImplemented', `The local stack's S3 has no ${what}.`);
}

const put: Operation = async ({ request, response, bucket, key }, { objects, onPut }) => {
  if (Buffer.byteLength(key) > KEY_LIMIT) throw new AwsError(400, 'KeyTooLongError', 'Your key is too long');
  const { headers } = request;
  const content = await readBody(request, OBJECT_LIMIT);
  if (content === undefined)
    throw new AwsError(400, 'EntityTooLarge', `An object has at most ${OBJECT_LIMIT} bytes here.`);
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADER.test(name));
  const object = {
    key,
    modifiedAt: Date.now(),
    md5: createHash('md5').update(content).digest('hex'),
    size: content.length,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    content,
  };
  const written = objects.put(bucket, object, headers['if-none-match'] === '*');
  if (!written) {
    const message = 'At least one of the pre-conditions you specified did not hold';
    throw new AwsError(412, 'PreconditionFailed', message);
  }
  onPut(bucket, key, content);
  response.writeHead(200, { ETag: `"${object.md5}"` }).end();
};

const get: Operation = async ({ response, bucket, key }, { objects }) => {
  const found = objects.get(bucket, key);
  if (found === undefined) throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
  response.writeHead(200, {
    ...found.headers,
    'Content-Length': found.size,
    ETag: `"${found.md5}"`,
    'Last-Modified': new Date(found.modifiedAt).toUTCString(),
  });
  response.end(found.content);
};

/** A continuation token is the last key of the page before. */
const list: Operation = async ({ response, bucket, query }, { objects }) => {
  const text = (name: string): string => query.get(name) ?? '';
  const limit = Number(query.get('max-keys') ?? PAGE_LIMIT);
  if (!(limit >= 1 && limit <= PAGE_LIMIT)) {
    throw new AwsError(400, 'InvalidArgument', `max-keys is ${limit}; accepted here: 1 to ${PAGE_LIMIT}`);
  }
  const after = Buffer.from(text('continuation-token'), 'base64url').toString();
  const found = objects.list(bucket, text('prefix'), after, limit + 1);
  const page = found.slice(0, limit);
  const isTruncated = found.length > limit;
  const last = page.at(-1)?.key ?? '';
  const about = {
    Name: bucket,
    Prefix: text('prefix'),
    MaxKeys: limit,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    ...(isTruncated && { NextContinuationToken: Buffer.from(last).toString('base64url') }),
  };
  response.writeHead(200, { 'Content-Type': 'application/xml' }).end(listXml(about, page));
};
