/** What the packed package takes over from the repository's `package.json`. */
export interface RepositoryManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * The `package.json` of the packed package. It is not the repository's: that one has the Node of its npm scripts among
 * its optional dependencies (docs/decisions/08-node-by-npm.md), which would also replace the Node of an application. All
 * that the package needs is bundled, so it has no dependencies.
 */
export const packageManifest = ({ name, version, license }: RepositoryManifest) => ({
  name,
  version,
  private: true,
  description: 'The command security-logs, and publishSecurityEvents for applications.',
  license,
  type: 'module',
  engines: { node: '>=20.12' },
  bin: { 'security-logs': 'security-logs.js' },
  exports: {
    '.': { types: './publisher.d.ts', default: './publisher.js' },
    './schemas': { types: './schemas.d.ts', default: './schemas.js' },
    './schemas/*.json': './schemas/*.json',
    './package.json': './package.json',
  },
  files: ['*.js', '*.d.ts', 'schemas', 'THIRD-PARTY-LICENCES.txt'],
});
