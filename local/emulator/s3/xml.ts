import type { AwsError } from '../http/aws-service.ts';
import type { ListedObjects, ListObjectsInput } from './list.ts';
import type { ObjectInfo } from './object-store.ts';

/** S3's answers in XML. */

type Content = string | number | boolean | readonly Element[];
type Element = readonly [name: string, content: Content];

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const errorXml = ({ code, message }: AwsError, resource: string, requestId: string): string =>
  DECLARATION +
  element([
    'Error',
    [
      ['Code', code],
      ['Message', message],
      ['Resource', resource],
      ['RequestId', requestId],
    ],
  ]);

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html#API_ListObjectsV2_ResponseSyntax */
export function listXml(bucket: string, input: ListObjectsInput, listed: ListedObjects): string {
  const { prefix, delimiter, limit, after, encodes } = input;
  const name = (text: string): string => (encodes ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  const contents = [
    ['Name', bucket],
    ['Prefix', name(prefix)],
    ...(delimiter === '' ? [] : [['Delimiter', name(delimiter)] as const]),
    ...(encodes ? [['EncodingType', 'url'] as const] : []),
    ...(after === '' ? [] : [['StartAfter', name(after)] as const]),
    ['MaxKeys', limit],
    ['KeyCount', listed.objects.length + listed.prefixes.length],
    ['IsTruncated', listed.next !== undefined],
    ...(listed.next === undefined ? [] : [['NextContinuationToken', listed.next] as const]),
    ...listed.objects.map((info): Element => ['Contents', object(info, name)]),
    ...listed.prefixes.map((text): Element => ['CommonPrefixes', [['Prefix', name(text)]]]),
  ] satisfies Element[];
  return `${DECLARATION}<ListBucketResult xmlns="${NAMESPACE}">${contents.map(element).join('')}</ListBucketResult>`;
}

const object = ({ key, modifiedAt, md5, size }: ObjectInfo, name: (text: string) => string): Element[] => [
  ['Key', name(key)],
  ['LastModified', new Date(modifiedAt).toISOString()],
  ['ETag', `"${md5}"`],
  ['Size', size],
  ['StorageClass', 'STANDARD'],
];

const element = ([name, content]: Element): string =>
  `<${name}>${typeof content === 'object' ? content.map(element).join('') : escaped(String(content))}</${name}>`;

/** Control characters as well, because a key may hold any. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[<>&"\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
