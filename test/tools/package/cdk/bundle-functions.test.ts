import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionCode } from '../../../../infra/function-code.ts';
import { FUNCTION_MEMORY, type FunctionName } from '../../../../shared/settings/functions.ts';
import { bundleFunctions, functionNames } from '../../../../tools/package/cdk/bundle-functions.ts';

/** What `npm run pack` ships is what `npm run deploy` deploys. */

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'finished-bundles-'));
const [finished, assembly] = [join(folder, 'finished'), join(folder, 'assembly')];
beforeAll(() => bundleFunctions(ROOT, finished));
afterAll(() => rmSync(folder, { recursive: true }));

/** The content of each file of a folder, by its name. */
const filesOf = (path: string): Record<string, string> =>
  Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'base64')]));

/** The folder of a function's code, as the CDK bundles it from the sources. */
function bundleBySynthesis(name: string): string {
  const app = new App({ outdir: join(assembly, name), analyticsReporting: false });
  const code = functionCode(name as FunctionName);
  new NodejsFunction(new Stack(app, 'Stack'), 'Function', { ...code, runtime: Runtime.NODEJS_24_X });
  const { directory } = app.synth();
  const [asset] = readdirSync(directory).filter((file) => file.startsWith('asset.'));
  return join(directory, String(asset));
}

test('every function has a finished bundle', () => {
  expect(readdirSync(finished).sort()).toEqual(Object.keys(FUNCTION_MEMORY).sort());
});

test.each(functionNames(ROOT))('the finished bundle of %s has the files of its sources’ bundle', (name) => {
  const files = filesOf(join(finished, name));
  expect(Object.keys(files)).toContain('index.mjs');
  expect(files).toEqual(filesOf(bundleBySynthesis(name)));
});
