import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository as its documents speak of it. */

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every file of the work tree that git tracks or would track, with its path from the root. */
export function repositoryFiles(): string[] {
  const arguments_ = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', arguments_, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  return listed.filter((file) => existsSync(join(ROOT, file)));
}

export const readText = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const withoutCode = (markdown: string): string => markdown.replace(/^```[\s\S]*?^```/gm, '');

/**
 * The anchors of a page's headings, as GitHub makes them.
 * https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
 */
export function anchorsOf(markdown: string): Set<string> {
  const headings = [...withoutCode(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, text = '']) => text);
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/[`*]/g, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** The targets of a page's links, but for those of its code. */
export const linksIn = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

/** The fenced blocks of a page with this language and name: the first line is "```<language> <name>". */
export const blocksOf = (markdown: string, language: string, name: string): string[] =>
  [...markdown.matchAll(/^```(\S+) (\S+)\n([\s\S]*?)^```/gm)]
    .filter(([, blockLanguage, blockName]) => blockLanguage === language && blockName === name)
    .map(([, , , text = '']) => text);
