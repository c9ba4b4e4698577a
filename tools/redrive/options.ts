import { readCommandLine, UsageError } from '../../shared/command-line.ts';

export const USAGE = `Usage: npm run redrive -- <queue> [options]

Puts the messages of a dead-letter queue back into the queue that gave them up.

  <queue>  the dead-letter queue, by its name or URL

Options:
  --to QUEUE          another queue to put them into, by its name or URL
  --endpoint-url URL  of AWS (default: that of the configured region); the local stack's is
                      http://127.0.0.1:4566
  --help              show this

Region and credentials come from where the AWS CLI has them. Ctrl-C ends the watching, not the moving.
Exit status: 0 all were moved, 1 they were not, 2 wrong usage.
`;

export interface RedriveOptions {
  readonly help: boolean;
  /** Names or URLs. */
  readonly queue: string;
  readonly to: string | undefined;
  readonly endpointUrl: string | undefined;
}

/** @throws UsageError naming what is wrong */
export function readRedriveOptions(commandLine: readonly string[]): RedriveOptions {
  const { values, positionals } = readCommandLine(
    commandLine,
    { to: { type: 'string' }, 'endpoint-url': { type: 'string' } },
    { allowPositionals: true },
  );
  const { help } = values;
  const [queue = '', ...more] = positionals;
  if (!help && queue === '') throw new UsageError('which queue is to be redriven?');
  if (more.length > 0) throw new UsageError(`one queue at a time; also given: ${more.join(' ')}`);
  const endpointUrl = values['endpoint-url'];
  if (endpointUrl !== undefined && !URL.canParse(endpointUrl)) {
    throw new UsageError(`--endpoint-url is ${JSON.stringify(endpointUrl)}; accepted: a URL`);
  }
  return { help, queue, to: values.to, endpointUrl };
}
