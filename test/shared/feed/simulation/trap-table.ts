import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable } from '../../../../tools/contract-tables/markdown-table.ts';
import { putBetween } from '../../../../tools/contract-tables/put-between.ts';
import { runTraps, type SprungTrap } from './run-traps.ts';

/** The table of docs/feed.md#traps. */
export const FEED_PAGE = fileURLToPath(new URL('../../../../docs/feed.md', import.meta.url));

export function withTrapTable(page: string, sprung: readonly SprungTrap[]): string {
  const rows = sprung.map(({ trap, exploration: { violation = 'nothing' } }) => [
    trap.name,
    trap.consequence,
    violation.replace(/@\d+/g, ''),
  ]);
  return putBetween(page, 'traps', markdownTable(['trap', 'what goes wrong', 'found'], rows));
}

/** `npm run feed-traps` writes it; a test checks that the committed one is current. */
if (import.meta.main)
  writeFileSync(FEED_PAGE, withTrapTable(readFileSync(FEED_PAGE, 'utf8'), await runTraps()));
