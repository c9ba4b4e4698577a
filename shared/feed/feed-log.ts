import type { Addition } from './intent-codec.ts';

const EVENT = Buffer.from('"event":{');

/**
 * What the feed adds to the JSON of a log: it shows the published format, and `event.id` and `event.created`, the time of
 * storing (docs/contract.md#the-feed). Parsing the log would take ten times as long.
 *
 * @param createdAt epoch milliseconds
 */
export function feedFields(createdAt: number): Addition {
  const created = new Date(createdAt).toISOString();
  return {
    // A quotation mark inside a text has a backslash before it, so this is the field, and not part of a text.
    after: EVENT,
    text: (id) => `"id":${JSON.stringify(id)},"created":"${created}",`,
  };
}
