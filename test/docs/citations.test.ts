import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, linksIn, ROOT, readText, repositoryFiles } from './repository.ts';

const files = repositoryFiles();
const pages = files.filter((file) => file.endsWith('.md'));
const code = files.filter((file) => /\.(ts|cjs|mjs|sh)$/.test(file) || file === '.ci/run');

/** Says what is wrong with a reference to a file or a heading of this repository; undefined if nothing is. */
function problem(from: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(ROOT, file))) return `${from}: ${target} does not exist`;
  if (anchor === undefined || !file.endsWith('.md')) return undefined;
  return anchorsOf(readText(file)).has(anchor) ? undefined : `${from}: ${file} has no heading #${anchor}`;
}

describe('documents', () => {
  test.each(pages)('every link of %s to this repository resolves', (page) => {
    const local = linksIn(readText(page)).filter((target) => !/^[a-z]+:/.test(target));
    expect(local.flatMap((target) => problem(page, target) ?? [])).toEqual([]);
  });

  test('every path that CONTRIBUTING.md names exists', () => {
    const named = [...readText('CONTRIBUTING.md').matchAll(/`([\w.-]+\/[\w./-]*|[\w-]+\.(?:json|md|ts))`/g)];
    expect(named.length).toBeGreaterThan(20);
    const missing = named.flatMap(([, path = '']) => (existsSync(join(ROOT, path)) ? [] : path));
    expect(missing).toEqual([]);
  });
});

describe('comments', () => {
  test('every document that a comment cites exists, with the heading that it names', () => {
    const problems = code.flatMap((file) =>
      [...readText(file).matchAll(/\bdocs\/[\w./-]+\.md(?:#[\w-]+)?/g)].flatMap(
        ([target]) => problem('README.md', target) ?? [],
      ),
    );
    expect(problems).toEqual([]);
  });

  test('a heading is cited by its anchor, which can be checked, and not in quotes', () => {
    const quoted = /\bdocs\/[\w./-]+\.md,\s+(?:\*\s+)?"/;
    expect(code.filter((file) => quoted.test(readText(file)))).toEqual([]);
  });

  test('no comment cites a section by its number, or a document that is not here', () => {
    const numbered = /\b(?:contract|design|feed|style) (?:section|§)|\bthe article\b/i;
    const self = 'test/docs/citations.test.ts';
    const citing = code.filter((file) => file !== self && numbered.test(readText(file)));
    expect(citing).toEqual([]);
  });
});
