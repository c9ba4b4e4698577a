import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const CHECK = join(ROOT, 'local/require-node.cjs');

/** Runs the check on a Node that says it is of another version. */
const checkOn = (version: string) => {
  const code = `Object.defineProperty(process, 'version', { value: '${version}' }); require(process.argv[1]);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', code, CHECK], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('the check before the start', () => {
  test.each(['v18.20.8', 'v20.20.2', 'v23.11.1', 'v24.0.0', 'v24.5.0'])(
    'on Node %s, says in one sentence what to install, and fails',
    (version) => {
      expect(checkOn(version)).toEqual({
        status: 1,
        stdout: '',
        stderr: `Install Node.js 24.6 or later, and run this again: this is ${version}.\n`,
      });
    },
  );

  test.each(['v24.6.0', 'v24.21.0', 'v25.0.0', 'v26.10.0', 'v100.0.0'])(
    'on Node %s, says nothing',
    (version) => {
      expect(checkOn(version)).toEqual({ status: 0, stdout: '', stderr: '' });
    },
  );

  test('comes before every script that runs TypeScript, and a script that takes signals is replaced by its Node', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const running = Object.entries<string>(scripts).filter(([, script]) => /node .*\.ts|vitest/.test(script));
    expect(running.map(([name]) => name).sort()).toEqual(
      [
        'app',
        'bench',
        'connectors',
        'contract-tables',
        'cost',
        'destroy',
        'dev',
        'event-catalogue',
        'feed-traps',
        'format-table',
        'fuzz-api',
        'json-schemas',
        'licences',
        'openapi',
        'pack',
        'redrive',
        'rehearse',
        'rotate-key',
        'scaling',
        'scan-template',
        'settings',
        'settings-schema',
        'smoke',
        'start',
        'test',
        'test:watch',
      ].sort(),
    );
    for (const [, script] of running) expect(script).toMatch(/^node local\/require-node\.cjs && /);
    for (const name of ['start', 'dev', 'bench']) expect(scripts[name]).toContain('&& exec node ');
  });
});

test('every Node that npm ci brings has what the service needs', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const [name, version] of Object.entries(optionalDependencies)) {
    expect([name, checkOn(`v${version}`).status]).toEqual([name, 0]);
  }
});
