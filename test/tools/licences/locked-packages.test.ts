import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { lockedPackages, PERMISSIVE } from '../../../tools/licences/locked-packages.ts';
import { readText } from '../../docs/repository.ts';

const manifest = JSON.parse(readText('package.json'));
const packages = lockedPackages(readText('package-lock.json'));

describe('the packages that are deployed or published', () => {
  test('are those of `dependencies`, in these versions, and what they need', () => {
    const found = new Map(packages.map(({ name, version }) => [name, version]));
    for (const [name, version] of Object.entries(manifest.dependencies))
      expect(found.get(name)).toBe(version);
    for (const name of Object.keys(manifest.devDependencies)) expect(found.has(name), name).toBe(false);
    for (const name of Object.keys(manifest.optionalDependencies)) expect(found.has(name), name).toBe(false);
  });

  test('have licences that ask for no more than a notice', () => {
    expect(packages.length).toBeGreaterThan(30);
    expect(packages.filter(({ licence }) => !PERMISSIVE.has(licence))).toEqual([]);
  });

  test('are read with nested ones, and without those for development and for one platform', () => {
    const lock = JSON.stringify({
      packages: {
        '': { name: 'root', version: '1.0.0', license: 'MIT' },
        'node_modules/@a/b': { version: '1.0.0', license: 'MIT' },
        'node_modules/@a/b/node_modules/c': { version: '2.0.0' },
        'node_modules/d': { name: 'e', version: '3.0.0', license: 'ISC' },
        'node_modules/f': { version: '4.0.0', license: 'GPL-3.0-only', dev: true },
        'node_modules/g': { version: '4.0.0', license: 'GPL-3.0-only', optional: true },
        'node_modules/h': { version: '4.0.0', license: 'GPL-3.0-only', devOptional: true },
      },
    });
    expect(lockedPackages(lock)).toEqual([
      { name: '@a/b', version: '1.0.0', licence: 'MIT' },
      { name: 'c', version: '2.0.0', licence: 'none' },
      { name: 'e', version: '3.0.0', licence: 'ISC' },
    ]);
  });
});

describe('package.json', () => {
  test('names exact versions only', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    }))
      expect(version, name).toMatch(/^(npm:.+@)?\d+\.\d+\.\d+$/);
  });

  test('has a command for the bill of materials, which has every one of these packages', () => {
    const bill = JSON.parse(
      execFileSync('npm', ['run', '--silent', 'sbom'], {
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
        shell: process.platform === 'win32',
      }),
    );
    expect(bill.bomFormat).toBe('CycloneDX');
    type Component = { name: string; version: string; properties: { name: string }[] };
    const deployed = bill.components
      .filter(({ properties }: Component) => !properties.some(({ name }) => name.endsWith(':development')))
      .map(({ name, version }: Component) => `${name} ${version}`);
    expect(deployed).toEqual(
      expect.arrayContaining(packages.map(({ name, version }) => `${name} ${version}`)),
    );
  });
});
