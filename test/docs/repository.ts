import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Reads the repository's files and what its documents say. */

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The paths from the root of all files of the work tree that git tracks or would track. */
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

/** The targets of a page's links, without those in code. */
export const linksIn = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

/** The texts of a page's fenced blocks that begin with "```<language> <name>". */
export const blocksOf = (markdown: string, language: string, name: string): string[] =>
  [...markdown.matchAll(/^```(\S+) (\S+)\n([\s\S]*?)^```/gm)]
    .filter(([, blockLanguage, blockName]) => blockLanguage === language && blockName === name)
    .map(([, , , text = '']) => text);

/** The cells of each row of the table whose first heading is this, without the heading. */
export function tableOf(markdown: string, firstHeading: string): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstHeading} |`));
  if (start < 0) throw new Error(`no table begins with the heading ${firstHeading}`);
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What stands in backquotes, in order. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
