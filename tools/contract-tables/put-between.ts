/**
 * Puts a table into a page, between `<!-- name -->` and `<!-- /name -->`. The end marker is added where it is missing, as on
 * a page that has no table yet.
 *
 * @throws Error if the page has no start marker
 */
export function putBetween(page: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = page.indexOf(start);
  if (from < 0) throw new Error(`the page has no ${start}`);
  const before = page.slice(0, from + start.length);
  const to = page.indexOf(end);
  const after = to < 0 ? page.slice(before.length) : page.slice(to + end.length);
  return `${before}\n\n${table}\n${end}${after}`;
}
