import { readCommandLine, UsageError } from '../shared/command-line.ts';

export const USAGE = `Usage: npm start [-- options]

Runs the Security Logs Service on this machine: bus, queues, functions, store and API.
Publishes a sample of each event, reads them back, and stays up until Ctrl-C.

Options:
  --settings FILE  the settings to run with (default: infra/settings.json); local/settings/ has examples
  --secrets FILE   values of the secrets that the settings name: a JSON object, { "<ARN>": "<value>" }
  --empty          publish no samples
  --demo           publish a realistic hour of sessions as well, to look at on the page
  --data DIR       keep logs, queued events, secrets and objects in DIR (default: in memory)
  --watch          take up changes of the sources while it runs, as npm run dev does
  --verbose        show everything the functions log (default: warnings and errors)
  --help           show this

Environment:
  PORT                            of the API (default: 3000)
  AWS_PORT                        of the AWS endpoint, for PutEvents (default: 4566)
  SECURITY_LOGS_SETTINGS          the settings to run with, as --settings
  EASYSEND_SECURITY_LOGS_API_KEY  the API key (default: local-api-key)
  AWS_ENDPOINT_URL_DYNAMODB       a DynamoDB-compatible store to use instead of the embedded one
`;

export type Options = ReturnType<typeof readOptions>;

/**
 * Reads what a person asks of `npm start` (docs/contract.md#on-one-machine).
 *
 * @throws UsageError naming what is wrong
 */
export function readOptions(commandLine: readonly string[], environment: NodeJS.ProcessEnv) {
  const { values } = readCommandLine(commandLine, {
    settings: { type: 'string' },
    secrets: { type: 'string' },
    empty: { type: 'boolean' },
    demo: { type: 'boolean' },
    data: { type: 'string' },
    watch: { type: 'boolean' },
    verbose: { type: 'boolean' },
  });
  for (const [name, value] of Object.entries(values)) {
    if (value === '') throw new UsageError(`--${name} is empty; accepted: the name of a file or a folder`);
  }
  return {
    help: values.help,
    samples: !values.empty,
    demo: values.demo,
    watch: values.watch ?? false,
    verbose: values.verbose ?? false,
    settings: values.settings ?? (environment['SECURITY_LOGS_SETTINGS'] || undefined),
    secrets: values.secrets,
    data: values.data,
    port: portIn(environment, 'PORT', 3000),
    awsPort: portIn(environment, 'AWS_PORT', 4566),
    apiKey: environment['EASYSEND_SECURITY_LOGS_API_KEY'] || 'local-api-key',
    storeUrl: environment['AWS_ENDPOINT_URL_DYNAMODB'] || undefined,
  };
}

function portIn(environment: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = environment[name];
  if (value === undefined || value === '') return otherwise;
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new UsageError(`${name} is ${JSON.stringify(value)}; accepted: 0 (any free port) to 65535`);
}
