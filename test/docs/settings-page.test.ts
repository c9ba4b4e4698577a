import { expect, test } from 'vitest';
import { settingsSchema } from '../../shared/settings/schema.ts';
import { describeSettings } from '../../tools/contract-tables/settings.ts';
import { readText } from './repository.ts';

/** A setting by itself, or one of the settings that an object groups. Below that, the contract's table is enough. */
const GROUPS = ['account', 'api', 'functions', 'ingest', 'table'];

const page = readText('docs/settings.md');
const documented = describeSettings(settingsSchema)
  .map(({ name }) => name)
  .filter((name) => !GROUPS.includes(name))
  .filter((name) => name.split('.').length === (GROUPS.includes(name.split('.')[0] ?? '') ? 2 : 1));

test.each(documented)('the page on settings has the sentence of whoever asks for %s', (name) => {
  expect(page).toMatch(new RegExp(`^- \\*\\*\`${name}\`.*\\*\\*:.*"[^"\\n]{15,}"`, 'm'));
});
