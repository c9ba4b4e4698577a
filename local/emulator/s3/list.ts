import { AwsError } from '../http/aws-service.ts';
import { byBytes, type ObjectInfo } from './object-store.ts';

/** What a client of `ListObjectsV2` asks for; empty where it does not say. */
export interface ListObjectsInput {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  /** Only what comes after this key. */
  readonly after: string;
  /** The key, or common prefix, that the page before ended with. */
  readonly seen: string;
  /** Whether keys are to be URL-encoded. */
  readonly encodes: boolean;
}

export interface ListedObjects {
  readonly objects: readonly ObjectInfo[];
  /** What several keys have in common, up to the delimiter. */
  readonly prefixes: readonly string[];
  /** For the next page, if there is one. */
  readonly next: string | undefined;
}

/** S3's own, a page. */
const LIMIT = 1000;

export function readListInput(query: URLSearchParams): ListObjectsInput {
  const text = (name: string): string => query.get(name) ?? '';
  const limit = Number(query.get('max-keys') ?? LIMIT);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new AwsError(400, 'InvalidArgument', `max-keys is ${text('max-keys')}`);
  }
  return {
    prefix: text('prefix'),
    delimiter: text('delimiter'),
    limit: Math.min(limit, LIMIT),
    after: text('start-after'),
    seen: Buffer.from(text('continuation-token'), 'base64url').toString(),
    encodes: text('encoding-type') === 'url',
  };
}

/** @param all in the order of their keys */
export function listObjects(all: readonly ObjectInfo[], input: ListObjectsInput): ListedObjects {
  const { prefix, delimiter, limit, after, seen } = input;
  const objects: ObjectInfo[] = [];
  const prefixes: string[] = [];
  let last = seen;
  for (const info of all) {
    const { key } = info;
    if (!key.startsWith(prefix) || byBytes(key, after) <= 0) continue;
    const common = commonPrefix(key, prefix, delimiter);
    const shown = common ?? key;
    if (last !== '' && byBytes(shown, last) <= 0) continue;
    if (objects.length + prefixes.length === limit) {
      return { objects, prefixes, next: limit === 0 ? undefined : Buffer.from(last).toString('base64url') };
    }
    last = shown;
    if (common === undefined) objects.push(info);
    else prefixes.push(common);
  }
  return { objects, prefixes, next: undefined };
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
