/** A table in Markdown, with a line break at its end. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(header), `|${header.map(() => '---|').join('')}\n`, ...rows.map(line)].join('');
}
