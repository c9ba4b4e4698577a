import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { interfaceOf } from '../declarations.ts';
import { licencesOf } from '../licences.ts';
import { settings } from '../schemas.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { flatDeclarations } from './flat-declarations.ts';
import { cdkPackageManifest } from './manifest.ts';

const ENTRY = 'infra/index.ts';

/** What `import.meta.url` is in CommonJS. */
const BANNER = "const MODULE_URL = require('node:url').pathToFileURL(__filename).href;";

/**
 * Builds the package for CDK apps (docs/embedding.md) into a folder, which is emptied first. The construct is in `infra/`
 * as in the repository, so that it finds the files that it reads; beside it are the bundles of the functions.
 *
 * @param root of the repository
 */
export async function buildCdkPackage(root: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'docs'), { recursive: true });
  const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

  const [bundled] = await Promise.all([
    bundleConstruct(root, join(folder, 'infra')),
    bundleFunctions(root, join(folder, 'infra/bundles')),
  ]);
  const declarations = flatDeclarations(root, ENTRY, {
    SettingsInput: interfaceOf('SettingsInput', settings),
  });
  writeFileSync(join(folder, 'infra/index.d.ts'), declarations);

  const cdk = readJson('node_modules/aws-cdk-lib/package.json');
  const manifest = cdkPackageManifest(readJson('package.json'), cdk.version, cdk.peerDependencies.constructs);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENCES.txt'), licencesOf(root, bundled));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  copyPages(root, folder);
}

/** @returns the files that were bundled, from the root */
async function bundleConstruct(root: string, outdir: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: ENTRY },
    outdir,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'constructs'],
    define: { 'import.meta.url': 'MODULE_URL' },
    banner: { js: BANNER },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** Alarms and declarations name pages of `docs/`. The page about embedding is the first that a reader sees. */
function copyPages(root: string, folder: string): void {
  for (const file of readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')))
    cpSync(join(root, 'docs', file), join(folder, 'docs', file));
  const page = readFileSync(join(root, 'docs/embedding.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), page.replaceAll(/\]\((?=[\w-]+\.md)/g, '](docs/'));
}
