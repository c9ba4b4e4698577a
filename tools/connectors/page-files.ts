import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The addresses that the pages show: those of `npm start` (docs/contract.md#on-one-machine). */
const SHOWN_ADDRESS = 'http://127.0.0.1:3000';
export const SHOWN_KEY = 'local-api-key';

/** The path of a page of docs/connectors/. */
export const pageOf = (name: string): string =>
  fileURLToPath(new URL(`../../docs/connectors/${name}.md`, import.meta.url));

/**
 * The files that a page shows: each fenced block that begins with a language and a file name, as "```yaml vector.yaml".
 * Blocks whose second word has no dot are no files.
 */
export function filesIn(page: string): Map<string, string> {
  const blocks = [...page.matchAll(/^```\S+ (\S+\.\S+)\n([\s\S]*?)^```$/gm)];
  return new Map(blocks.map(([, name = '', text = '']) => [name, text]));
}

/**
 * Writes the files of a connector's page into a folder, with another address in the place of the one that it shows.
 *
 * @throws Error if the page shows no file, or not that address and key
 */
export function writePageFiles(name: string, folder: string, gatewayUrl: string): void {
  const files = filesIn(readFileSync(pageOf(name), 'utf8'));
  const all = [...files.values()].join('');
  if (!all.includes(SHOWN_ADDRESS))
    throw new Error(`docs/connectors/${name}.md does not show ${SHOWN_ADDRESS}`);
  for (const [file, text] of files) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text.replaceAll(SHOWN_ADDRESS, gatewayUrl));
  }
}
