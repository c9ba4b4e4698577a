import type { StoredLog } from '../log/formats/stored-log.ts';

const EVENT = Buffer.from('"event":{');

/**
 * The JSON of a log as the feed shows it: the published format, and `event.id` and `event.created`, the time of storing
 * (docs/contract.md#the-feed). It is put together from bytes: parsing the log would take ten times as long.
 */
export function feedLog({ id, json, createdAt }: StoredLog): Buffer {
  // A quotation mark inside a text has a backslash before it, so this is the field, and not part of a text.
  const at = json.indexOf(EVENT) + EVENT.length;
  const added = Buffer.from(`"id":${JSON.stringify(id)},"created":"${new Date(createdAt).toISOString()}",`);
  return Buffer.concat([json.subarray(0, at), added, json.subarray(at)], json.length + added.length);
}
