import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, UsageError } from '../shared/command-line.ts';
import { runTool } from './run-tool.ts';
import { ACKNOWLEDGED } from './template-scan/acknowledged.ts';
import { type Finding, unacknowledged } from './template-scan/findings.ts';
import { findOrInstall } from './template-scan/install.ts';
import { scan } from './template-scan/scan.ts';
import { SCANNERS, type Scanner } from './template-scan/scanners.ts';
import { SETTINGS, synthesizeTemplate } from './template-scan/templates.ts';

/** `npm run scan-template`: cfn-lint and checkov on the synthesized template (docs/supply-chain.md#scanning-the-template). */

const NAMES = SCANNERS.map(({ name }) => name);

const USAGE = `Usage: npm run scan-template -- [options]

Runs ${NAMES.join(' and ')} on the synthesized template. A finding that tools/template-scan/acknowledged.ts does not
accept, with a reason, is an error. A scanner that is not on the PATH is installed into a temporary folder.

  --only NAME            ${NAMES.join(' or ')}
  --install-seconds N    how long installing may take (default 600); 0 installs nothing
  --help                 show this

Exit status: 0 nothing was found, 1 there are findings or a scanner failed, 2 wrong usage, 3 a scanner was skipped.
`;

const SKIPPED = 3;

function main(): void {
  const { values } = readCommandLine(process.argv.slice(2), {
    only: { type: 'string' },
    'install-seconds': { type: 'string', default: '600' },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const scanners = SCANNERS.filter(({ name }) => values.only === undefined || values.only === name);
  if (scanners.length === 0) throw new UsageError(`--only ${values.only}; accepted: ${NAMES.join(', ')}`);
  const seconds = Number(values['install-seconds']);
  if (!(seconds >= 0)) throw new UsageError('--install-seconds; accepted: a number from 0');
  const folder = mkdtempSync(join(tmpdir(), 'security-logs-scan-'));
  try {
    scanAll(scanners, folder, seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function scanAll(scanners: readonly Scanner[], folder: string, seconds: number): void {
  const ready = scanners.flatMap((scanner) => {
    const installed = findOrInstall(scanner, folder, seconds);
    if ('program' in installed) return [{ scanner, program: installed.program }];
    console.log(`${scanner.name}: skipped, ${installed.missing}`);
    process.exitCode ||= SKIPPED;
    return [];
  });
  if (ready.length === 0) return;
  for (const [name, settings] of Object.entries(SETTINGS)) {
    const own = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(own);
    const template = synthesizeTemplate(settings, own);
    for (const { scanner, program } of ready) {
      const findings = scan(scanner, program, template);
      const open = unacknowledged(findings, ACKNOWLEDGED);
      const accepted = findings.length - open.length;
      console.log(`${scanner.name}, settings ${name}: ${open.length} findings, ${accepted} accepted`);
      for (const finding of open) console.log(`  ${describe(finding)}`);
      if (open.length > 0) process.exitCode = 1;
    }
  }
}

const describe = ({ id, resource, type, message }: Finding): string =>
  `${id} ${resource} (${type || 'template'}): ${message}`;

await runTool(main, USAGE);
