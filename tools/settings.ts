import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../shared/command-line.ts';
import { readSettings } from '../shared/settings/schema.ts';
import { runTool } from './run-tool.ts';

/**
 * The settings as JSON, with every default filled in.
 *
 * @param json what a settings file holds
 * @throws Error naming every setting that is wrong, its value and what is accepted
 */
export const withDefaults = (json: string): string =>
  `${JSON.stringify(readSettings(JSON.parse(json)), null, 2)}\n`;

const USAGE = `Usage: npm run --silent settings

Prints the settings that a deployment has: those of infra/settings.json, or of the file in SECURITY_LOGS_SETTINGS,
with every default filled in. docs/settings.md says who asks for which.

  --help  show this
`;

function main(): void {
  if (readCommandLine(process.argv.slice(2), {}).values.help) {
    console.log(USAGE);
    return;
  }
  const file =
    process.env['SECURITY_LOGS_SETTINGS'] ??
    fileURLToPath(new URL('../infra/settings.json', import.meta.url));
  process.stdout.write(withDefaults(readFileSync(file, 'utf8')));
}

if (import.meta.main) await runTool(main, USAGE);
