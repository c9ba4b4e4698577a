import type { AwsError } from '../http/aws-service.ts';
import type { ObjectInfo } from './object-store.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const errorXml = ({ code, message }: AwsError, resource: string, requestId: string): string =>
  `${DECLARATION}<Error>${elements({ Code: code, Message: message, Resource: resource, RequestId: requestId })}</Error>`;

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html#API_ListObjectsV2_ResponseSyntax
 */
export function listXml(about: Readonly<Record<string, unknown>>, objects: readonly ObjectInfo[]): string {
  const contents = objects.map(({ key, modifiedAt, md5, size }) => {
    const LastModified = new Date(modifiedAt).toISOString();
    return `<Contents>${elements({ Key: key, LastModified, ETag: `"${md5}"`, Size: size })}</Contents>`;
  });
  return `${DECLARATION}<ListBucketResult xmlns="${NAMESPACE}">${elements(about)}${contents.join('')}</ListBucketResult>`;
}

const elements = (all: Readonly<Record<string, unknown>>): string =>
  Object.entries(all)
    .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
    .join('');

/** Control characters as well, because a key may hold any. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[<>&"\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
