import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSettings, type Settings } from '../shared/settings/schema.ts';
import { createApp } from './create-app.ts';
import { SecurityLogsStack } from './stack.ts';

/** The file with the customer's settings. The variable `SECURITY_LOGS_SETTINGS` can name another one. */
const settingsFile =
  process.env['SECURITY_LOGS_SETTINGS'] ?? fileURLToPath(new URL('settings.json', import.meta.url));

/** Settings that hold where the file says nothing, as JSON: `npm start` has some of its own. */
const defaults = process.env['SECURITY_LOGS_DEFAULTS'] ?? '{}';

function settings(): Settings {
  try {
    const chosen: unknown = JSON.parse(readFileSync(settingsFile, 'utf8'));
    return readSettings(isObject(chosen) ? { ...JSON.parse(defaults), ...chosen } : chosen);
  } catch (error) {
    process.stderr.write(`${settingsFile}: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

new SecurityLogsStack(createApp(), { settings: settings() });
