import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsJsonSchema } from '../../infra/settings-schema.ts';
import { readSettings } from '../../shared/settings.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Synthesizes with settings, as `cdk synth` does, and gives the exit status and what was said. */
function synthesizeWith(settings: string): { status: number | null; words: string } {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    writeFileSync(join(folder, 'settings.json'), settings);
    const environment = {
      SECURITY_LOGS_SETTINGS: join(folder, 'settings.json'),
      CDK_OUTDIR: join(folder, 'out'),
    };
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    return { status, words: stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('settings.json', () => {
  it('of the repository is valid', () => {
    expect(() =>
      readSettings(JSON.parse(readFileSync(join(ROOT, 'infra/settings.json'), 'utf8'))),
    ).not.toThrow();
  });

  it('has a JSON Schema that is current: npm run settings-schema makes it', () => {
    expect(readFileSync(join(ROOT, 'infra/settings.schema.json'), 'utf8')).toBe(settingsJsonSchema());
  });

  it.each([
    ['{"events":["OPENED","CLOSED"]}', ['events.1', '"CLOSED"', 'STEP_COMPLETED']],
    ['{"retentionHours":0}', ['retentionHours', '0', '1 to 8760']],
    ['{"delivery":{"method":"push"}}', ['delivery.method', '"push"', 'api-and-custom-service']],
    ['{"evnts":"all"}', ['unknown "evnts"']],
    ['{', ['JSON']],
  ])('%s fails the synthesis with the setting, its value and what is accepted', (settings, wanted) => {
    const { status, words } = synthesizeWith(settings);
    expect(status).toBe(1);
    for (const word of ['settings.json', ...wanted]) expect(words).toContain(word);
    expect(words).not.toContain('    at ');
  });
});
