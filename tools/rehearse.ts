import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, UsageError } from '../shared/command-line.ts';
import { startEmulator } from './rehearsal/emulator.ts';
import { rehearse } from './rehearsal/rehearse.ts';
import { runTool } from './run-tool.ts';
import { steps } from './smoke/steps.ts';

/** `npm run rehearse`: docs/deploy.md against a third-party emulator of AWS (docs/deploy.md#rehearsed). */

const USAGE = `Usage: npm run rehearse -- [options]

Deploys the stack with the CDK to MiniStack, an emulator of AWS by others: bootstrap, deployment, one event from the bus
to the table. MiniStack is installed from PyPI into a temporary folder. What it cannot create is left out, and said.

  --install-seconds N  how long installing may take (default 300)
  --help               show this

Needs Python 3.10 or newer with venv. Exit status: 0 all steps passed, 1 one failed, 2 wrong usage, 3 it was skipped,
because MiniStack cannot be had here.
`;

const SKIPPED = 3;

async function main(): Promise<void> {
  const { values } = readCommandLine(process.argv.slice(2), {
    'install-seconds': { type: 'string', default: '300' },
  });
  if (values.help) return console.log(USAGE);
  const seconds = Number(values['install-seconds']);
  if (!(seconds > 0)) throw new UsageError('--install-seconds; accepted: a number above 0');
  const folder = mkdtempSync(join(tmpdir(), 'security-logs-rehearsal-'));
  try {
    const emulator = await startEmulator(folder, seconds);
    if ('missing' in emulator) {
      console.log(`rehearsal: skipped, ${emulator.missing}`);
      process.exitCode = SKIPPED;
      return;
    }
    await rehearse(emulator, folder, steps(console.log)).finally(emulator.close);
    console.log('the rehearsal passed');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runTool(main, USAGE, ({ message }) => `the rehearsal failed: ${message}`);
