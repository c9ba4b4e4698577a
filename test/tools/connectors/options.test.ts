import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../shared/command-line.ts';
import { CONNECTORS } from '../../../tools/connectors/connectors.ts';
import { readConnectorOptions, USAGE } from '../../../tools/connectors/options.ts';

describe('npm run connectors', () => {
  test('runs all collectors by default, and says which there are', () => {
    const { connectors, keep, record } = readConnectorOptions([]);
    expect({ connectors, keep, record }).toEqual({ connectors: CONNECTORS, keep: undefined, record: false });
    for (const { name } of CONNECTORS) expect(USAGE).toContain(name);
  });

  test('runs the named ones', () => {
    const { connectors } = readConnectorOptions(['python', 'curl-jq', '--keep', 'tools']);
    expect(connectors.map(({ name }) => name)).toEqual(['curl-jq', 'python']);
  });

  test.each([
    [['splnuk'], 'splnuk'],
    [['--keep', ''], '--keep'],
    [['--all'], '--all'],
  ])('refuses %j by name', (commandLine, named) => {
    expect(() => readConnectorOptions(commandLine)).toThrow(UsageError);
    expect(() => readConnectorOptions(commandLine)).toThrow(named);
  });
});
