import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from '../shared/settings/schema.ts';
import { createApp } from './create-app.ts';
import { SecurityLogsStack } from './stack.ts';

/** The file with the customer's settings. The variable `SECURITY_LOGS_SETTINGS` can name another one. */
const settingsFile =
  process.env['SECURITY_LOGS_SETTINGS'] ?? fileURLToPath(new URL('settings.json', import.meta.url));

function settings(): Settings {
  try {
    return readSettings(JSON.parse(readFileSync(settingsFile, 'utf8')));
  } catch (error) {
    process.stderr.write(`${settingsFile}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

new SecurityLogsStack(createApp(), { settings: settings() });
