import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONNECTORS } from '../../tools/connectors/connectors.ts';
import { filesIn } from '../../tools/connectors/page-files.ts';
import { linksIn, ROOT, readText, tableOf } from './repository.ts';

/** What docs/connectors/ says of what was run. */

const overview = readText('docs/connectors/README.md');
const rows = tableOf(overview, 'collector').map(([collector = '', executed = '']) => ({
  page: linksIn(collector)[0],
  executed,
}));
const pages = readdirSync(join(ROOT, 'docs/connectors')).filter((name) => name !== 'README.md');
const executed = new Set(CONNECTORS.map(({ name }) => `${name}.md`));

test('each page has one row of the table', () => {
  expect(rows.flatMap(({ page }) => page ?? []).toSorted()).toEqual(pages.toSorted());
});

test('the table says of exactly the collectors that are run that they were', () => {
  const said = rows.filter(({ executed }) => executed.startsWith('yes')).map(({ page }) => page);
  expect(said.toSorted()).toEqual([...executed].toSorted());
});

describe.each([...executed])('%s', (page) => {
  const text = readText(`docs/connectors/${page}`);

  test('shows its files, and a run in which nothing was lost or doubled', () => {
    expect(filesIn(text).size).toBeGreaterThan(0);
    expect(text).toMatch(/<!-- result -->\s+```\n\S+: \d+ published, 0 lost, 0 doubled in \d+ s/);
  });
});

test.each(pages.filter((page) => !executed.has(page)))('%s says that it was not executed', (page) => {
  expect(readText(`docs/connectors/${page}`)).toContain('**Not executed');
});
