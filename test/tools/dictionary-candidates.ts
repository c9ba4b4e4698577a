import type { SecurityLog } from '../../shared/security-log.ts';

/** What a dictionary could hold: texts that logs of different customers have in common. */

/** Stands where a customer's, a user's or a moment's own value was. */
const HOLE = '\u0000';
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** The fields of `label` whose values are the same whoever the customer is. */
const SHARED_LABELS = new Set([
  'app_type',
  'is_co_browsing_on',
  'page_index',
  'process_multi_language',
  'role',
  'source_type',
  'step_index',
  'authentication_method',
  'authentication_status',
  'auth_action',
  'auth_page',
]);

/** The JSON of a log with a hole for each value that no other customer's logs have. */
export function withHoles(log: SecurityLog): string {
  const label = Object.entries(log.label).map(([name, value]) => [
    name,
    name === 'deploy_timestamp' ? `20${HOLE}Z` : SHARED_LABELS.has(name) ? value : HOLE,
  ]);
  const full = log.url?.full
    ?.replace(log.url.domain ?? HOLE, HOLE)
    .replaceAll(UUID, HOLE)
    .replace(/(?<=token=|\/s\/)[\w-]*/, HOLE);
  const shared = {
    ...log,
    '@timestamp': `20${HOLE}Z`,
    ...(log.organization && { organization: { name: HOLE } }),
    ...(log.client && { client: { ip: HOLE } }),
    ...(log.url && { url: { full, domain: HOLE } }),
    label: Object.fromEntries(label),
  };
  return JSON.stringify(shared).replaceAll('\\u0000', HOLE);
}

/** The JSON with nothing in its holes: a skeleton that fits all logs of its kind. */
export const skeleton = (json: string): string => json.replaceAll(HOLE, '');

/** Where a candidate may begin and end: at the members of the JSON and at the words of a user agent. */
const BOUNDARY = /(?<=[,{(]|:")|(?=[ )&?"])|(?<=[ ]|\d\.)/;
const MOST_PIECES = 24;
const MOST_CHARACTERS = 220;

/**
 * @param jsons logs with holes
 * @param fewest in how many of them a text must be found
 * @returns texts without holes, whole pieces of the JSON, and in which logs (by index) each is found
 */
export function sharedTexts(jsons: readonly string[], fewest: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [index, json] of jsons.entries()) {
    for (const text of new Set(json.split(HOLE).flatMap(piecesOf))) {
      const indexes = found.get(text);
      if (indexes === undefined) found.set(text, [index]);
      else indexes.push(index);
    }
  }
  for (const [text, indexes] of found) if (indexes.length < fewest) found.delete(text);
  return dropParts(found);
}

function piecesOf(text: string): string[] {
  const pieces = text.split(BOUNDARY);
  return pieces.flatMap((_, from) => {
    const texts: string[] = [];
    let joined = '';
    for (const piece of pieces.slice(from, from + MOST_PIECES)) {
      joined += piece;
      if (joined.length > MOST_CHARACTERS) break;
      if (joined.length >= 6) texts.push(joined);
    }
    return texts;
  });
}

/** A text that is only ever found within one and the same longer text is not worth trying by itself. */
function dropParts(found: Map<string, number[]>): Map<string, number[]> {
  const longestFirst = [...found].sort(([a], [b]) => b.length - a.length);
  const kept = new Map<string, number[]>();
  const parts = new Set<string>();
  for (const [text, indexes] of longestFirst) {
    if (parts.has(`${indexes.length} ${text}`)) continue;
    kept.set(text, indexes);
    for (let cut = 1; cut < text.length; cut++) {
      parts.add(`${indexes.length} ${text.slice(cut)}`);
      parts.add(`${indexes.length} ${text.slice(0, -cut)}`);
    }
  }
  return kept;
}
