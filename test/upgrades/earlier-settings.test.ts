import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/settings/schema.ts';
import { named, synthesize } from '../infra/synthesize.ts';
import { SETTINGS } from './fixtures.ts';

/** The settings of an earlier release are those of this one (docs/upgrades.md#the-rule). */
describe.each(SETTINGS)('settings that $commit read', ({ settings }) => {
  test('mean what they say', () => {
    expect(readSettings(settings)).toMatchObject(settings);
  });

  test('make the stack', () => {
    const { all } = synthesize(settings);
    const { properties } = named(all('AWS::Lambda::Function'), 'ApiQuery');
    expect(properties.Environment.Variables.RETENTION_HOURS).toBe('72');
  });
});
