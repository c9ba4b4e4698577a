import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EVENT_ACTIONS } from '../shared/event/actions.ts';
import { toEcs } from '../shared/log/formats/ecs.ts';
import { isAuthentication } from '../shared/log/formats/ocsf/activities.ts';
import { OCSF_VERSIONS, toOcsf } from '../shared/log/formats/ocsf.ts';
import type { SecurityLog } from '../shared/log/security-log.ts';
import { markdownTable } from './contract-tables/markdown-table.ts';
import { putBetween } from './contract-tables/put-between.ts';
import { LOG_FIELDS, placesOf } from './format-table/places.ts';

/** The page that has the table of the formats, between `<!-- fields -->` and `<!-- /fields -->`. */
export const FORMATS_PAGE = fileURLToPath(new URL('../docs/formats.md', import.meta.url));

const ecs = (log: SecurityLog) => toEcs(log, 'id', 0);
const ocsf = (log: SecurityLog) => toOcsf(log, 'id', 0, { version: OCSF_VERSIONS[0], user: 'label.rid' });

/** Where each format has each field. */
function fieldsTable(): string {
  const authentications = EVENT_ACTIONS.filter(isAuthentication);
  const others = EVENT_ACTIONS.filter((action) => !isAuthentication(action));
  const rows = LOG_FIELDS.map((field) => [
    `\`${field}\``,
    named(placesOf(ecs, field, EVENT_ACTIONS)),
    named(placesOf(ocsf, field, authentications).map(unmapped)),
    named(placesOf(ocsf, field, others).map(unmapped)),
  ]);
  return markdownTable(['field', 'ECS', 'OCSF Authentication', 'OCSF Web Resources Activity'], rows);
}

/** In `unmapped` a field keeps its name. */
const unmapped = (place: string): string => place.replace(/^unmapped\..*/, 'unmapped');

const named = (places: readonly string[]): string => places.map((place) => `\`${place}\``).join(', ');

/**
 * Puts the current table into the page.
 *
 * @throws Error if its marker is missing
 */
export const withFormatTable = (page: string): string => putBetween(page, 'fields', fieldsTable());

/** `npm run format-table` writes it; a test checks that the committed one is current. */
if (import.meta.main) writeFileSync(FORMATS_PAGE, withFormatTable(readFileSync(FORMATS_PAGE, 'utf8')));
