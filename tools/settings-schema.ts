import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { readCommandLine } from '../shared/command-line.ts';
import { settingsSchema } from '../shared/settings/schema.ts';
import { runTool } from './run-tool.ts';

/** The JSON Schema by which editors complete `settings.json`; a test checks that the committed one is current. */
export const settingsJsonSchema = (): string =>
  `${JSON.stringify(z.toJSONSchema(settingsSchema, { io: 'input' }), null, 2)}\n`;

const USAGE = `Usage: npm run settings-schema

Writes infra/settings.schema.json, the JSON Schema of the settings, from shared/settings/schema.ts.

  --help  show this
`;

function main(): void {
  if (readCommandLine(process.argv.slice(2), {}).values.help) {
    console.log(USAGE);
    return;
  }
  const file = fileURLToPath(new URL('../infra/settings.schema.json', import.meta.url));
  writeFileSync(file, settingsJsonSchema());
}

if (import.meta.main) await runTool(main, USAGE);
