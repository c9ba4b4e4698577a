import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, type NodejsFunctionProps, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { BUNDLE_WRITERS, BUNDLING } from '../shared/bundling.ts';
import type { FunctionName } from '../shared/settings/functions.ts';

/**
 * The code of a function. The package for CDK apps has finished bundles beside its code (tools/package/cdk/), and needs no
 * esbuild. In the repository there are none, and the CDK bundles the sources. Both are the same bytes.
 */
export function functionCode(name: FunctionName): NodejsFunctionProps {
  const finished = fileURLToPath(new URL(`bundles/${name}`, import.meta.url));
  return existsSync(finished)
    ? { code: Code.fromAsset(finished), handler: 'index.handler' }
    : bundledSources(name);
}

const fromRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

function bundledSources(name: FunctionName): NodejsFunctionProps {
  const writer = BUNDLE_WRITERS[name];
  return {
    entry: fromRoot(`functions/${name}/handler.ts`),
    projectRoot: fromRoot(''),
    depsLockFilePath: fromRoot('package-lock.json'),
    bundling: {
      logLevel: LogLevel.WARNING,
      format: OutputFormat.ESM,
      target: BUNDLING.target,
      minify: BUNDLING.minify,
      mainFields: [...BUNDLING.mainFields],
      // the bundle includes the pinned AWS SDK; the runtime's version changes without notice
      externalModules: [],
      esbuildArgs: { '--legal-comments': BUNDLING.legalComments },
      ...(writer !== undefined && {
        commandHooks: {
          beforeBundling: () => [],
          beforeInstall: () => [],
          // the path to Node may have spaces
          afterBundling: (_, folder) => [`"${process.execPath}" "${fromRoot(writer)}" "${folder}"`],
        },
      }),
    },
  };
}
