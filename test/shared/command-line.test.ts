import { expect, test } from 'vitest';
import { failure, readCommandLine, UsageError } from '../../shared/command-line.ts';
import { launch } from '../local/fixtures/processes.ts';

const OPTIONS = { to: { type: 'string' }, fast: { type: 'boolean' } } as const;

test('options are read as they are declared, and --help is always one of them', () => {
  expect(readCommandLine(['--to', 'a', '--fast'], OPTIONS).values).toEqual({
    to: 'a',
    fast: true,
    help: false,
  });
  expect(readCommandLine(['-h'], OPTIONS).values.help).toBe(true);
  expect(readCommandLine(['--help'], {}).values.help).toBe(true);
});

test('other arguments are read where a command takes them', () => {
  const { positionals } = readCommandLine(['a', '--fast', 'b'], OPTIONS, { allowPositionals: true });
  expect(positionals).toEqual(['a', 'b']);
});

test.each<[string[], string]>([
  [['--too'], "Unknown option '--too'"],
  [['--to'], "Option '--to <value>' argument missing"],
  [['--fast=1'], "Option '--fast' does not take an argument"],
  [['a'], "Unexpected argument 'a'"],
])('%j is wrong usage', (args, message) => {
  expect(() => readCommandLine(args, OPTIONS)).toThrow(UsageError);
  expect(() => readCommandLine(args, OPTIONS)).toThrow(message);
});

test('wrong usage ends with status 2 and the right usage, every other error with status 1 and its description', () => {
  expect(failure(new UsageError('no'), 'Usage: x')).toEqual({ message: 'no\n\nUsage: x', exitStatus: 2 });
  expect(failure(new Error('no'), 'Usage: x')).toEqual({ message: 'no', exitStatus: 1 });
  const describe = ({ message }: Error): string => `it failed: ${message}`;
  expect(failure(new Error('no'), 'Usage: x', describe).message).toBe('it failed: no');
});

test.each([
  'bench/bench.ts',
  'local/start.ts',
  'tools/make-log-dictionary.ts',
  'tools/redrive.ts',
  'tools/settings-schema.ts',
])('%s explains its use with --help, and ends with status 2 where it is used wrongly', async (command) => {
  const help = launch([command, '--help']);
  const wrong = launch([command, '--no-such-option']);
  expect([await help.ended(), help.output()]).toEqual([0, expect.stringMatching(/^Usage: [\s\S]*--help/)]);
  expect([await wrong.ended(), wrong.output()]).toEqual([
    2,
    expect.stringMatching(/^Unknown option '--no-such-option'[\s\S]*\n\nUsage: /),
  ]);
});
