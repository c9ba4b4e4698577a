import type { AwsError } from '../http/aws-service.ts';
import { elements, XML_DECLARATION } from '../http/xml.ts';
import type { ObjectInfo } from './object-store.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const errorXml = ({ code, message }: AwsError, resource: string, requestId: string): string =>
  `${XML_DECLARATION}<Error>${elements({ Code: code, Message: message, Resource: resource, RequestId: requestId })}</Error>`;

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html#API_ListObjectsV2_ResponseSyntax
 */
export function listXml(about: Readonly<Record<string, unknown>>, objects: readonly ObjectInfo[]): string {
  const contents = objects.map(({ key, modifiedAt, md5, size }) => {
    const LastModified = new Date(modifiedAt).toISOString();
    return `<Contents>${elements({ Key: key, LastModified, ETag: `"${md5}"`, Size: size })}</Contents>`;
  });
  return `${XML_DECLARATION}<ListBucketResult xmlns="${NAMESPACE}">${elements(about)}${contents.join('')}</ListBucketResult>`;
}
