import { readCommandLine, UsageError } from '../shared/command-line.ts';

/** What the benchmark is asked to do. */

export interface BenchOptions {
  readonly help: boolean;
  readonly json: boolean;
  /** The names of the parts to run; empty means all. */
  readonly only: readonly string[];
  readonly scale: number;
}

/** @throws UsageError naming what is wrong and what is accepted */
export function readOptions(arguments_: readonly string[], parts: readonly string[]): BenchOptions {
  const { values } = readCommandLine(arguments_, {
    only: { type: 'string', multiple: true, default: [] },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  });
  const only = values.only.flatMap((names) => names.split(','));
  const unknown = only.find((name) => !parts.includes(name));
  if (unknown !== undefined) throw new UsageError(`--only ${unknown}: accepted: ${parts.join(', ')}`);
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 10))
    throw new UsageError(`--scale ${values.scale}: accepted: above 0, up to 10`);
  return { help: values.help, json: values.json, only, scale };
}

export const helpText = (parts: ReadonlyArray<{ name: string; title: string }>): string =>
  `Usage: npm run bench -- [options]

Measures the service on this machine: the functions' real code against a canned DynamoDB endpoint, and the whole local
stack. Every comparison is made in the same run on the same logs. Takes some minutes; leave the machine alone meanwhile.

  --only PART   one part, or several with commas
  --scale N     sizes times N, up to 10 (default 1); 0.02 shows in a minute that everything runs
  --json        the results as JSON on the standard output
  --help

Parts:
${parts.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}
`;
