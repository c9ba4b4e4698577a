import type { RepositoryManifest } from '../manifest.ts';

/**
 * The `package.json` of the package for CDK apps. What the construct needs beside the CDK is bundled, so the app decides
 * on the versions of the CDK, and nothing else is installed.
 *
 * @param cdk the version of `aws-cdk-lib` that the construct is tested with: an app needs this one or a later one
 * @param constructs the versions of `constructs` that this `aws-cdk-lib` works with
 */
export const cdkPackageManifest = (
  { name, version, license }: RepositoryManifest,
  cdk: string,
  constructs: string,
) => ({
  name: `${name}-cdk`,
  version,
  private: true,
  description: 'The security logs service as a construct for apps of the AWS CDK.',
  license,
  // CommonJS, which apps in either module system can load, whatever their Node and their compiler
  type: 'commonjs',
  engines: { node: '>=20' },
  exports: {
    '.': { types: './infra/index.d.ts', default: './infra/index.js' },
    './package.json': './package.json',
  },
  types: './infra/index.d.ts',
  peerDependencies: { 'aws-cdk-lib': `^${cdk}`, constructs },
  files: ['infra', 'docs', 'THIRD-PARTY-LICENCES.txt'],
});
