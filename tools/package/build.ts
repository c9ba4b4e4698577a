import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { readCommandLine } from '../../shared/command-line.ts';
import { runTool } from '../run-tool.ts';
import { buildCdkPackage } from './cdk/build-cdk-package.ts';
import { declarationsOf, interfaceOf } from './declarations.ts';
import { licencesOf } from './licences.ts';
import { packageManifest } from './manifest.ts';
import { SCHEMA_FILES } from './schema-files.ts';
import { securityEvent, securityLog } from './schemas.ts';

const USAGE = `Usage: npm run pack

Builds two packages in dist/, in JavaScript for Node 20 with declarations, and packs them:

  security-logs-service-<version>.tgz      for applications and consumers: the command, the publisher, the JSON Schemas
                                           (docs/client.md). It needs no other package.
  security-logs-service-cdk-<version>.tgz  for CDK apps: the construct and the bundles of its functions
                                           (docs/embedding.md). It needs aws-cdk-lib and constructs.

  --help  show this
`;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Packages in CommonJS call `require` for what Node has. */
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Builds the package for applications and consumers into a folder, which is emptied first. */
export async function buildPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'schemas'), { recursive: true });
  const files = await bundle(folder);
  writeDeclarations(folder);
  writeSchemas(folder);
  const manifest = packageManifest(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENCES.txt'), licencesOf(ROOT, files));
  cpSync(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'));
  cpSync(join(ROOT, 'docs/client.md'), join(folder, 'README.md'));
}

/** @returns the files that were bundled, from the root */
async function bundle(outdir: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: {
      'security-logs': 'tools/security-logs.ts',
      publisher: 'tools/publisher/publish-security-events.ts',
    },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: BANNER },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** The types that come from zod's schemas are declared in schemas.d.ts. */
function writeDeclarations(folder: string): void {
  const source = (name: string): string => declarationsOf(join(ROOT, 'tools/publisher', `${name}.ts`));
  const linked = (text: string): string =>
    text
      .replaceAll('./security-event-detail.ts', './schemas.js')
      .replaceAll('./bus-entry.ts', './bus-entry.js');
  writeFileSync(join(folder, 'publisher.d.ts'), linked(source('publish-security-events')));
  writeFileSync(join(folder, 'bus-entry.d.ts'), source('bus-entry'));
}

function writeSchemas(folder: string): void {
  const types = [
    'export type JsonSchema = Readonly<Record<string, unknown>>;\n',
    interfaceOf('SecurityEventDetail', securityEvent, { '@timestamp': 'string | Date' }),
    interfaceOf('SecurityLog', securityLog),
  ];
  let code = '';
  for (const { name, file, json } of SCHEMA_FILES) {
    writeFileSync(join(folder, 'schemas', file), json);
    code += `export const ${name} = ${json.trimEnd()};\n`;
    types.push(`export declare const ${name}: JsonSchema;\n`);
  }
  writeFileSync(join(folder, 'schemas.js'), code);
  writeFileSync(join(folder, 'schemas.d.ts'), types.join('\n'));
}

async function main(): Promise<void> {
  if (readCommandLine(process.argv.slice(2), {}).values.help) return console.log(USAGE);
  await buildPackage(join(ROOT, 'dist/client'));
  await buildCdkPackage(ROOT, join(ROOT, 'dist/cdk'));
}

if (import.meta.main) await runTool(main, USAGE);
