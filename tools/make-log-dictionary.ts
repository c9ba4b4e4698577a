import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { SecurityLog } from '../shared/log/security-log.ts';
import { packUuids } from '../shared/log/uuid-packing.ts';
import { takeSyntheticLogs } from './synthetic-logs/synthetic-logs.ts';

/**
 * Makes a dictionary for shared/log/document-codec.ts: prints a `shared/log-dictionary-N.ts`.
 *
 * A published dictionary never changes, not by one byte: documents that were stored with it can only be read with
 * it. To improve on it, make the next one, give it a version of its own in shared/log/document-codec.ts, and only then write
 * with it. An older one may go when no stored document can name it any more.
 */
const HELP = `Makes a dictionary from synthetic logs and prints it as a TypeScript module. Needs the command zstd, 1.5 or newer.

node tools/make-log-dictionary.ts [options] > shared/log-dictionary-3.ts

  --limit BYTES     size of the dictionary at most (default 32768)
  --customers N     made-up customers to learn from (default 128)
  --logs N          typical logs of each, beside some small ones (default 24)
  --help
`;

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '32768' },
    customers: { type: 'string', default: '128' },
    logs: { type: 'string', default: '24' },
    help: { type: 'boolean', default: false },
  },
});

/** Customers from this number on are learned from; tests and measurements use lower ones. */
const FIRST_CUSTOMER = 1000;
const CHARACTERS_A_LINE = 100;

if (values.help) process.stdout.write(HELP);
else process.stdout.write(asModule(train(trainingTexts())));

/** What is compressed of each log: its JSON without the UUIDs. */
function trainingTexts(): string[] {
  return Array.from({ length: Number(values.customers) }, (_, i) => trainingLogs(FIRST_CUSTOMER + i))
    .flat()
    .map((log) => packUuids(JSON.stringify(log)).text);
}

/** Mostly typical logs of the Player; one log in seven is small, one customer in eight uses the Builder. */
function trainingLogs(customer: number): SecurityLog[] {
  const options = {
    seed: customer,
    start: Date.UTC(2026, 5, 1),
    vocabulary: customer,
    application: customer % 8 === 4 ? 'builder' : 'player',
  } as const;
  const typical = Number(values.logs);
  return [
    ...takeSyntheticLogs(typical, options),
    ...takeSyntheticLogs(Math.ceil(typical / 6), { ...options, size: 'small' }),
  ];
}

/** The samples' common texts, and how often each symbol occurs in what remains (RFC 8878, 5). */
function train(texts: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'log-dictionary-'));
  try {
    const samples = join(folder, 'samples');
    const dictionary = join(folder, 'dictionary');
    mkdirSync(samples);
    for (const [i, text] of texts.entries()) writeFileSync(join(samples, String(i)), text);
    const options = ['-9', `--maxdict=${values.limit}`, '--dictID=1', '-r', samples, '-o', dictionary];
    execFileSync('zstd', ['--train', ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(dictionary);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function asModule(dictionary: Buffer): string {
  const lines = dictionary.toString('base64').match(new RegExp(`.{1,${CHARACTERS_A_LINE}}`, 'g')) ?? [];
  const literals = lines.map((line) => `    '${line}',\n`);
  return [
    '/** Made by tools/make-log-dictionary.ts. Never change it: stored documents are read with it. */\n',
    `export default Buffer.from(\n  [\n${literals.join('')}  ].join(''),\n  'base64',\n);\n`,
  ].join('');
}
