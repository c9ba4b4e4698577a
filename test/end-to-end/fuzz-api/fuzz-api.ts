import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeInReverse, type Started } from '../../../local/emulator/process/close-in-reverse.ts';
import { onStopRequest } from '../../../local/stop-requests.ts';
import { failure, readCommandLine, UsageError } from '../../../shared/command-line.ts';
import { hasPython, runProgram } from './programs.ts';
import { API_KEY, startSampledStack } from './sampled-stack.ts';

/** `npm run fuzz-api`: schemathesis looks for an answer that docs/openapi.json does not describe. */

const USAGE = `Usage: npm run fuzz-api [-- options]

Runs schemathesis with docs/openapi.json against the local stack with its samples: once for JSON and once for lines, side by side. It installs
schemathesis from PyPI into a temporary folder.

  --examples N  requests at random of each operation, and as many sequences (default 100)
  --seed N      the seed (default: another one each time; it is shown)
  --help        show this

Needs Python 3.10 or newer with venv. Exit status: 0 if no answer is outside the document, 1 if one is or the run failed, 2 if the
options are wrong, 3 if it was skipped because Python or schemathesis cannot be had here.`;

const SKIPPED = 3;
const DOCUMENT = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const MEDIA_TYPES = ['application/json', 'application/x-ndjson'];

function readOptions(args: readonly string[]) {
  const { values } = readCommandLine(args, {
    examples: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
  });
  for (const name of ['examples', 'seed'] as const)
    if (!/^[1-9]\d*$/.test(values[name]))
      throw new UsageError(`--${name} is ${JSON.stringify(values[name])}; accepted: a whole number from 1`);
  return values;
}

/** A folder for the program, and for what it leaves behind. */
async function temporaryFolder(started: Started): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  await started.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @returns the program schemathesis, installed in a folder; rejects if no package index can be reached */
async function install(folder: string, started: Started): Promise<string> {
  await runProgram('python3', ['-m', 'venv', folder], { started });
  const pip = ['install', '--quiet', '--disable-pip-version-check', '-r', join(HERE, 'requirements.txt')];
  await runProgram(join(folder, 'bin/pip'), pip, { started });
  return join(folder, 'bin/schemathesis');
}

async function fuzz(
  { folder, schemathesis }: { folder: string; schemathesis: string },
  examples: string,
  seed: string,
  started: Started,
): Promise<void> {
  const url = await startSampledStack(started);
  console.log(`seed ${seed}: ${MEDIA_TYPES.join(', then ')}`);
  const runs = MEDIA_TYPES.map((mediaType) => {
    const args = [
      ...['--config-file', join(HERE, 'schemathesis.toml'), '--no-color', 'run', DOCUMENT],
      ...['--url', url, '-H', `apiKey: ${API_KEY}`, '-H', `Accept: ${mediaType}`],
      ...['--max-examples', examples, '--seed', seed, '--suppress-health-check', 'all'],
      ...['--warnings', 'off', '--continue-on-failure'],
    ];
    const env = { SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: '1' };
    return runProgram(schemathesis, args, { started, cwd: folder, env });
  });
  const outcomes = await Promise.allSettled(runs);
  const failed = outcomes.filter(({ status }) => status === 'rejected').length;
  if (failed > 0) throw new Error(`${failed} of ${runs.length} runs failed; --seed ${seed} repeats them`);
}

async function main(): Promise<number> {
  const { help, examples, seed } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return 0;
  }
  if (!(await hasPython())) {
    console.log('skipped: there is no Python 3.10 or newer with venv');
    return SKIPPED;
  }
  const started = closeInReverse();
  onStopRequest(() => void started.close().finally(() => process.exit(1)));
  try {
    const folder = await temporaryFolder(started);
    const schemathesis = await install(folder, started).catch((error: Error) => {
      console.log(`skipped: schemathesis could not be installed (${error.message})`);
    });
    if (schemathesis === undefined) return SKIPPED;
    await fuzz({ folder, schemathesis }, examples, seed, started);
    return 0;
  } finally {
    await started.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const { message, exitStatus } = failure(error, USAGE);
  console.error(message);
  process.exitCode = exitStatus;
}
