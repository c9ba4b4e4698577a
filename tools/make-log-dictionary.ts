import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, UsageError } from '../shared/command-line.ts';
import type { SecurityLog } from '../shared/log/security-log.ts';
import { packUuids } from '../shared/log/uuid-packing.ts';
import { runTool } from './run-tool.ts';
import { takeSyntheticLogs } from './synthetic-logs/synthetic-logs.ts';

/**
 * Makes a dictionary for shared/log/document-codec.ts: prints a module for `shared/log/dictionaries/`.
 *
 * A published dictionary never changes, not by one byte: documents that were stored with it can only be read with it. To
 * improve on it, make the next one, give it a version of its own in shared/log/document-codec.ts, and only then write with
 * it. An older one may be deleted when no stored document can name it any more.
 */
const USAGE = `Usage: node tools/make-log-dictionary.ts [options] > shared/log/dictionaries/dictionary-3.ts

Makes a dictionary from synthetic logs and prints it as a TypeScript module. Needs the command zstd, 1.5 or newer.

  --limit BYTES     size of the dictionary at most (default 32768)
  --customers N     made-up customers to learn from (default 128)
  --logs N          typical logs of each, beside some small ones (default 24)
  --help            show this
`;

interface DictionaryOptions {
  readonly help: boolean;
  /** The size of the dictionary at most, bytes. */
  readonly limit: number;
  readonly customers: number;
  /** Typical logs of each customer. */
  readonly logs: number;
}

function readOptions(args: readonly string[]): DictionaryOptions {
  const { help, limit, customers, logs } = readCommandLine(args, {
    limit: { type: 'string', default: '32768' },
    customers: { type: 'string', default: '128' },
    logs: { type: 'string', default: '24' },
  }).values;
  return {
    help,
    limit: positive('limit', limit),
    customers: positive('customers', customers),
    logs: positive('logs', logs),
  };
}

function positive(name: string, value: string): number {
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new UsageError(`--${name} is ${JSON.stringify(value)}; accepted: a whole number from 1`);
}

/** Customers from this number on are learned from; tests and measurements use lower ones. */
const FIRST_CUSTOMER = 1000;
const CHARACTERS_A_LINE = 100;

function main(): void {
  const options = readOptions(process.argv.slice(2));
  process.stdout.write(options.help ? USAGE : asModule(train(trainingTexts(options), options.limit)));
}

/** What is compressed of each log: its JSON without the UUIDs. */
function trainingTexts({ customers, logs }: DictionaryOptions): string[] {
  return Array.from({ length: customers }, (_, i) => trainingLogs(FIRST_CUSTOMER + i, logs))
    .flat()
    .map((log) => packUuids(JSON.stringify(log)).text);
}

/** Mostly typical logs of the Player; one log in seven is small, one customer in eight uses the Builder. */
function trainingLogs(customer: number, typical: number): SecurityLog[] {
  const options = {
    seed: customer,
    start: Date.UTC(2026, 5, 1),
    vocabulary: customer,
    application: customer % 8 === 4 ? 'builder' : 'player',
  } as const;
  return [
    ...takeSyntheticLogs(typical, options),
    ...takeSyntheticLogs(Math.ceil(typical / 6), { ...options, size: 'small' }),
  ];
}

/** The samples' common texts, and how often each symbol occurs in what remains (RFC 8878, 5). */
function train(texts: readonly string[], limit: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'log-dictionary-'));
  try {
    const samples = join(folder, 'samples');
    const dictionary = join(folder, 'dictionary');
    mkdirSync(samples);
    for (const [i, text] of texts.entries()) writeFileSync(join(samples, String(i)), text);
    const options = ['-9', `--maxdict=${limit}`, '--dictID=1', '-r', samples, '-o', dictionary];
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

await runTool(main, USAGE);
