import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ApiError, GATEWAY_ERRORS, SERVICE_ERRORS } from '../shared/http-errors.ts';
import { settingsSchema } from '../shared/settings/schema.ts';
import { markdownTable } from './contract-tables/markdown-table.ts';
import { putBetween } from './contract-tables/put-between.ts';
import { describeSettings } from './contract-tables/settings.ts';

/** The page that has the tables, each between its markers: `<!-- errors -->` and `<!-- /errors -->`. */
export const CONTRACT = fileURLToPath(new URL('../docs/contract.md', import.meta.url));

/** Every error of the API, by status. */
function errorsTable(): string {
  const errors: [string, ApiError][] = Object.entries({ ...SERVICE_ERRORS, ...GATEWAY_ERRORS });
  const rows = errors
    .toSorted(([, a], [, b]) => String(a.status).localeCompare(String(b.status)))
    .map(([code, { status, when, advice }]) => [String(status), `\`${code}\``, when, advice]);
  return markdownTable(['status', 'code', 'when', 'what to do'], rows);
}

/** Every setting, with those inside of it after it. */
function settingsTable(): string {
  const rows = describeSettings(settingsSchema).map(({ name, onlyFor, accepted, fallback, description }) => [
    onlyFor === undefined ? `\`${name}\`` : `\`${name}\` (\`${onlyFor}\`)`,
    accepted,
    fallback === undefined ? '' : `\`${fallback}\``,
    description,
  ]);
  return markdownTable(['setting', 'accepted', 'default', 'what it is'], rows);
}

/**
 * Puts the current tables into a page.
 *
 * @throws Error if a marker is missing
 */
export function withTables(page: string): string {
  const tables = { errors: errorsTable(), settings: settingsTable() };
  return Object.entries(tables).reduce((text, [name, table]) => putBetween(text, name, table), page);
}

/** `npm run contract-tables` writes them; a test checks that the committed ones are current. */
if (import.meta.main) writeFileSync(CONTRACT, withTables(readFileSync(CONTRACT, 'utf8')));
