import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPage } from './build-page.ts';

/**
 * `node page/build/build.ts FOLDER`: writes the page into a folder, as `functions/page/` reads it: the document
 * and its compressed forms, and the headers that belong to them.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node page/build/build.ts FOLDER');
  process.exit(2);
}
const { html, encoded, headers } = await buildPage();
await mkdir(folder, { recursive: true });
await Promise.all([
  writeFile(join(folder, 'page.html'), html),
  ...Object.entries(encoded).map(([encoding, bytes]) =>
    writeFile(join(folder, `page.html.${encoding}`), bytes),
  ),
  writeFile(join(folder, 'page.headers.json'), JSON.stringify(headers)),
]);
