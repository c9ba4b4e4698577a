import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { functionBundler } from '../../local/dev/function-bundler.ts';
import { type Resource, synthesize } from './synthesize.ts';

/** Loads a bundle as Lambda would, and says what its handler is. The streaming helpers are Lambda's own globals. */
const LOAD = `
  globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
  const { handler } = await import(process.argv[1]);
  process.stdout.write(typeof handler);
`;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const assembly = mkdtempSync(join(tmpdir(), 'security-logs-assembly-'));
const functions: { bundle: string; environment: Record<string, unknown> }[] = [];
let template: { Resources: Record<string, { Type: string; Properties: Resource['properties'] }> };

const read = (path: string) => JSON.parse(readFileSync(join(assembly, path), 'utf8'));

beforeAll(() => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../infra/app.ts', import.meta.url))], {
    env: { ...process.env, CDK_OUTDIR: assembly },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  template = read('SecurityLogs.template.json');
  const files = Object.values<{ source: { path: string } }>(read('SecurityLogs.assets.json').files);
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const hash = Properties.Code.S3Key.replace('.zip', '');
    const path = files.find(({ source }) => source.path.endsWith(hash))?.source.path ?? '';
    functions.push({ bundle: join(assembly, path), environment: Properties.Environment.Variables });
  }
});

afterAll(() => rmSync(assembly, { recursive: true }));

describe('the assembly that `infra/app.ts` writes', () => {
  test('has the template that the other tests look at, but for the code', () => {
    const withoutCode = (json: object) =>
      JSON.parse(JSON.stringify(json, (key, value) => (key === 'S3Key' ? 'code' : value)));
    expect(withoutCode(template)).toEqual(withoutCode(synthesize().json));
  });

  test('has no finding', () => {
    expect(read('validation-report.json').pluginReports).toEqual([]);
  });
});

describe('every bundle', () => {
  test('is there, with the licences beside the code and nothing else', () => {
    expect(functions).toHaveLength(5);
    for (const { bundle } of functions) {
      expect(readdirSync(bundle).filter((name) => name !== 'index.mjs.LEGAL.txt')).toEqual(['index.mjs']);
    }
  });

  test('is what `npm run dev` replaces it with, byte for byte', async () => {
    for (const { bundle, environment } of functions) {
      const bundler = await functionBundler(ROOT, String(environment['POWERTOOLS_SERVICE_NAME']));
      const code = await bundler.bundle().finally(bundler.close);
      expect(Buffer.from(code).equals(readFileSync(join(bundle, 'index.mjs')))).toBe(true);
    }
  });

  test('is smaller than 620 KB, or 700 KB with the clients of SQS and Lambda', () => {
    for (const { bundle, environment } of functions) {
      const most = environment['POWERTOOLS_SERVICE_NAME'] === 'status' ? 700_000 : 620_000;
      expect(statSync(join(bundle, 'index.mjs')).size).toBeLessThan(most);
    }
  });

  test('imports nothing at run time but what Node brings', () => {
    for (const { bundle } of functions) {
      const code = readFileSync(join(bundle, 'index.mjs'), 'utf8');
      const imports = [...code.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, name]) => name ?? '');
      expect(imports.filter((name) => !isBuiltin(name))).toEqual([]);
    }
  });

  test('requires nothing, which an ES module cannot', () => {
    for (const { bundle } of functions) {
      expect(readFileSync(join(bundle, 'index.mjs')).includes('Dynamic require of')).toBe(false);
    }
  });

  test('loads by itself, with the variables its function is given, and exports the handler', () => {
    for (const { bundle, environment } of functions) {
      const variables = Object.entries(environment).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : 'resolved',
      ]);
      const loaded = execFileSync(
        process.execPath,
        ['--input-type=module', '--eval', LOAD, pathToFileURL(join(bundle, 'index.mjs')).href],
        { env: { AWS_REGION: 'eu-central-1', ...Object.fromEntries(variables) }, encoding: 'utf8' },
      );
      expect(loaded).toBe('function');
    }
  });
});
