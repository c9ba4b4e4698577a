import { expect, test } from 'vitest';
import { readSettings } from '../../shared/settings/schema.ts';
import { withDefaults } from '../../tools/settings.ts';

test('the settings are shown with their defaults, and mean the same', () => {
  const given = { retentionHours: 72, account: { removal: 'delete' }, functions: { query: {} } };
  const shown = JSON.parse(withDefaults(JSON.stringify(given)));
  expect(shown).toMatchObject({
    retentionHours: 72,
    busName: 'security-events',
    account: { removal: 'delete', logRetentionDays: 90 },
    api: { throttling: { rate: 20, burst: 40, window: { rate: 4, burst: 8 } } },
    functions: { query: { memoryMegabytes: 1792 } },
  });
  expect(readSettings(shown)).toEqual(readSettings(given));
});

test('wrong settings are refused by name', () => {
  expect(() => withDefaults('{"retentionHours":0}')).toThrow('retentionHours is 0');
});
