import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine, UsageError } from '../shared/command-line.ts';
import { eventJsonSchema, type JsonSchema } from './ocsf-schemas/json-schema.ts';
import { runTool } from './run-tool.ts';

const USAGE = `Usage: node tools/ocsf-schemas.ts FOLDER

Writes the JSON Schemas of OCSF that the tests check format=ocsf with: test/fixtures/ocsf/. FOLDER has the exports of
schema.ocsf.io. They are the folder ocsf_json_schema/ocsf of the package ocsf-json-schema 1.2.0 of PyPI:

  pip download --no-deps ocsf-json-schema==1.2.0 && unzip ocsf_json_schema-1.2.0-py3-none-any.whl

  --help  show this
`;

const CLASSES = ['authentication', 'web_resources_activity'];

/** The SHA-256 of each export, in hexadecimal, by its version. */
const EXPORTS = {
  '1.1.0': 'd3d24406812d9a3f1103a294157f250a0a592cbcefcccfb96b7945e9073b86a2',
  '1.8.0': '221b43d05787aa68d03233589f0eabdab192531d3e4740b856b2e0a4d6d91f82',
};

function main(): void {
  const { values, positionals } = readCommandLine(process.argv.slice(2), {}, { allowPositionals: true });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new UsageError('FOLDER is missing');
  for (const [version, sha256] of Object.entries(EXPORTS)) {
    const exported = readFileSync(join(folder, `${version}.json`));
    if (createHash('sha256').update(exported).digest('hex') !== sha256)
      throw new Error(`${version}.json is not the export that is named here`);
    const schema = eventJsonSchema(JSON.parse(exported.toString()), CLASSES);
    const file = fileURLToPath(new URL(`../test/fixtures/ocsf/${version}.schema.json`, import.meta.url));
    writeFileSync(file, inLines(schema));
  }
}

/** The JSON of a schema, with a line for each definition. */
function inLines({ definitions, ...schema }: JsonSchema): string {
  const lines = Object.entries(definitions as JsonSchema).map(
    ([name, definition]) => `${JSON.stringify(name)}:${JSON.stringify(definition)}`,
  );
  return `${JSON.stringify(schema).slice(0, -1)},"definitions":{\n${lines.join(',\n')}\n}}\n`;
}

if (import.meta.main) await runTool(main, USAGE);
