import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ACKNOWLEDGED } from '../../../tools/template-scan/acknowledged.ts';
import { type Finding, unacknowledged } from '../../../tools/template-scan/findings.ts';
import { scan } from '../../../tools/template-scan/scan.ts';
import { SCANNERS, type Scanner } from '../../../tools/template-scan/scanners.ts';
import { SETTINGS } from '../../../tools/template-scan/templates.ts';
import { synthesize } from '../../infra/synthesize.ts';

const folder = mkdtempSync(join(tmpdir(), 'security-logs-scan-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const template = join(folder, 'template.json');
writeFileSync(template, JSON.stringify({ Resources: { Queue1: { Type: 'AWS::SQS::Queue' } } }));

const [cfnLint, checkov] = SCANNERS as [Scanner, Scanner];

/** Scans with a program that prints this and ends with this status, as the scanners do when they find something. */
function scanWith(scanner: Scanner, output: string, status = 0): Finding[] {
  const program = join(mkdtempSync(join(folder, 'program-')), scanner.name);
  writeFileSync(program, `#!/bin/sh\ncat <<'END'\n${output}\nEND\nexit ${status}\n`);
  chmodSync(program, 0o755);
  return scan(scanner, program, template);
}

const lintWarning = (path: (string | number)[] | null) =>
  JSON.stringify([
    { Rule: { Id: 'W3005' }, Message: 'Obsolete', Location: { Path: path }, Level: 'Warning', Filename: 'x' },
  ]);

const checkovReport = (failed: object[], summary: object = {}) =>
  JSON.stringify({
    check_type: 'cloudformation',
    results: { failed_checks: failed },
    summary: { passed: 12, failed: failed.length, parsing_errors: 0, ...summary },
  });

describe('a scan', () => {
  test('by cfn-lint names the resource of each finding, and its type', () => {
    expect(scanWith(cfnLint, '[]')).toEqual([]);
    expect(scanWith(cfnLint, lintWarning(['Resources', 'Queue1', 'DependsOn', 1]), 4)).toEqual([
      { id: 'W3005', resource: 'Queue1', type: 'AWS::SQS::Queue', message: 'Obsolete' },
    ]);
    expect(scanWith(cfnLint, lintWarning(['Outputs', 'Url']), 4)).toMatchObject([{ resource: '', type: '' }]);
    expect(scanWith(cfnLint, lintWarning(null), 4)).toMatchObject([{ resource: '', type: '' }]);
  });

  test('by checkov names the resource of each finding, and its type', () => {
    expect(scanWith(checkov, checkovReport([]))).toEqual([]);
    const failed = { check_id: 'CKV_1', check_name: 'Be good', resource: 'AWS::SQS::Queue.Queue1' };
    expect(scanWith(checkov, checkovReport([failed]), 1)).toEqual([
      { id: 'CKV_1', resource: 'Queue1', type: 'AWS::SQS::Queue', message: 'Be good' },
    ]);
  });

  test.each([
    ['cfn-lint prints nothing', cfnLint, ''],
    ['cfn-lint prints something else', cfnLint, '{"error": "no such file"}'],
    ['checkov prints no report', checkov, '{"passed": 0, "failed": 0}'],
    ['checkov made no check', checkov, checkovReport([], { passed: 0 })],
    ['checkov could not read the template', checkov, checkovReport([], { parsing_errors: 1 })],
  ])('is an error if %s', (_, scanner, output) => {
    expect(() => scanWith(scanner, output)).toThrow(`${scanner.name} did not scan the template`);
  });

  test('is an error if the program is not there', () => {
    expect(() => scan(checkov, join(folder, 'missing'), template)).toThrow('did not scan');
  });
});

describe('an acknowledgement', () => {
  const finding: Finding = { id: 'A1', resource: 'Delivery7', type: 'AWS::IAM::Policy', message: 'Too much' };
  const accepted = { id: 'A1', type: 'AWS::IAM::Policy', reason: 'It is needed.' };

  test('accepts a finding of its id and type, on the resources that it names', () => {
    expect(unacknowledged([finding], [accepted])).toEqual([]);
    expect(unacknowledged([finding], [{ ...accepted, resource: /^Delivery/ }])).toEqual([]);
  });

  test('accepts no other finding, type or resource', () => {
    for (const other of [{ id: 'A2' }, { type: 'AWS::IAM::Role' }, { resource: /^Ingest/ }])
      expect(unacknowledged([finding], [{ ...accepted, ...other }])).toEqual([finding]);
    expect(unacknowledged([finding], [])).toEqual([finding]);
  });

  test('has a reason, and a type that the templates have', () => {
    const types = new Set(
      Object.values(SETTINGS).flatMap((settings) =>
        Object.values<{ Type: string }>(synthesize(settings).json['Resources']).map(({ Type }) => Type),
      ),
    );
    for (const { id, type, reason } of ACKNOWLEDGED) {
      expect(reason, id).toMatch(/^[A-Za-z].{20,}\.$/);
      expect(types, id).toContain(type);
    }
  });
});

describe('the command', () => {
  const run = (...options: string[]) =>
    spawnSync(
      process.execPath,
      [fileURLToPath(new URL('../../../tools/template-scan.ts', import.meta.url)), ...options],
      // nothing is on this PATH
      { env: { ...process.env, PATH: folder }, encoding: 'utf8' },
    );

  test('skips, and says so, what is not installed and not to be installed', () => {
    const { status, stdout } = run('--install-seconds', '0');
    expect(stdout).toContain('cfn-lint: skipped, it is not installed');
    expect(stdout).toContain('checkov: skipped, it is not installed');
    expect(status).toBe(3);
  });

  test('skips what cannot be installed', () => {
    const { status, stdout } = run('--only', 'checkov', '--install-seconds', '30');
    expect(stdout).toBe('checkov: skipped, python3 failed\n');
    expect(status).toBe(3);
  });

  test('refuses what it does not know', () => {
    expect(run('--only', 'tslint')).toMatchObject({ status: 2, stderr: expect.stringContaining('checkov') });
    expect(run('--install-seconds', 'x')).toMatchObject({ status: 2 });
  });
});
