import { readCommandLine, UsageError } from '../../shared/command-line.ts';
import type { Connector } from './connector.ts';
import { CONNECTORS } from './connectors.ts';

export const USAGE = `Usage: npm run connectors -- [names] [options]

Runs real collectors against the local stack, each with the configuration of its page in docs/connectors/.
Events are published meanwhile, some late; answers are cut and refused; the collector is stopped and started.
No log may be lost or doubled. A collector that cannot be had on this machine is skipped, with the reason.

  [names]  which collectors (default: all): ${CONNECTORS.map(({ name }) => name).join(', ')}

Options:
  --keep DIR  install into DIR, and use what an earlier run has installed there (default: a temporary folder)
  --record    write the result into each page
  --help      show this

Exit status: 0 nothing was lost or doubled, 1 something was or a collector failed, 2 wrong usage.
`;

export interface ConnectorOptions {
  readonly help: boolean;
  readonly connectors: readonly Connector[];
  /** Where to install, for good; undefined: into a temporary folder. */
  readonly keep: string | undefined;
  readonly record: boolean;
}

/** @throws UsageError naming what is wrong */
export function readConnectorOptions(commandLine: readonly string[]): ConnectorOptions {
  const { values, positionals } = readCommandLine(
    commandLine,
    { keep: { type: 'string' }, record: { type: 'boolean', default: false } },
    { allowPositionals: true },
  );
  if (values.keep === '') throw new UsageError('--keep is empty; accepted: the name of a folder');
  const known = new Map(CONNECTORS.map((connector) => [connector.name, connector]));
  const unknown = positionals.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `there is no connector ${unknown.join(', ')}; accepted: ${[...known.keys()].join(', ')}`,
    );
  }
  const chosen = positionals.length > 0 ? new Set(positionals) : new Set(known.keys());
  return {
    help: values.help,
    connectors: CONNECTORS.filter(({ name }) => chosen.has(name)),
    keep: values.keep,
    record: values.record,
  };
}
