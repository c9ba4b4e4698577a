import { parseArgs } from 'node:util';
import type { SecurityLog } from '../../shared/security-log.ts';
import { takeSyntheticLogs } from '../fixtures/synthetic-logs.ts';
import { sharedTexts, skeleton, withHoles } from './dictionary-candidates.ts';
import { chooseSkeletons, chooseTexts, meanSize, type Search } from './dictionary-search.ts';

/**
 * Makes a dictionary for shared/log-codec.ts: prints a `shared/log-dictionary-N.ts`.
 *
 * A published dictionary never changes, not by one character: documents that were stored with it can only be read
 * with it. To improve on it, make the next one, list it in shared/log-dictionary.ts beside the others, and only
 * then write with it. An older one may go when no stored document can name it any more.
 */
const HELP = `Makes a dictionary from synthetic logs and prints it as a TypeScript module.

node test/tools/make-log-dictionary.ts [options] > shared/log-dictionary-2.ts

  --limit BYTES     size of the dictionary at most (default 16384)
  --skeletons N     whole documents at its end (default 3)
  --least-gain B    leave out what saves fewer bytes per log, on average (default 0.03)
  --customers N     made-up customers to learn from (default 64)
  --logs N          logs of each (default 14)
  --help
`;

const { values } = parseArgs({
  options: {
    limit: { type: 'string', default: '16384' },
    skeletons: { type: 'string', default: '3' },
    'least-gain': { type: 'string', default: '0.03' },
    customers: { type: 'string', default: '64' },
    logs: { type: 'string', default: '14' },
    help: { type: 'boolean', default: false },
  },
});

/** Customers from this number on are learned from; tests and measurements use lower ones. */
const FIRST_CUSTOMER = 1000;
const LINE = 100;

if (values.help) process.stdout.write(HELP);
else process.stdout.write(asModule(makeDictionary()));

function makeDictionary(): string[] {
  const logs = Array.from({ length: Number(values.customers) }, (_, i) =>
    trainingLogs(FIRST_CUSTOMER + i),
  ).flat();
  const holed = logs.map(withHoles);
  const search: Search = {
    jsons: logs.map((log) => JSON.stringify(log)),
    limit: Number(values.limit),
    leastGain: Number(values['least-gain']),
    report: (message) => process.stderr.write(`${message}\n`),
  };
  const everyFifth = search.jsons.filter((_, i) => i % 5 === 0);
  const skeletons = [...new Set(holed.map(skeleton))].filter((_, i) => i % 10 === 0);
  const end = chooseSkeletons(skeletons, Number(values.skeletons), { ...search, jsons: everyFifth });
  const dictionary = chooseTexts(sharedTexts(holed, Math.ceil(logs.length / 150)), end, search);
  search.report(`mean: ${meanSize(search.jsons, dictionary.join('')).toFixed(1)} bytes a log`);
  return dictionary;
}

/** Mostly typical logs of the Player; one log in seven is small, one customer in eight uses the Builder. */
function trainingLogs(customer: number): SecurityLog[] {
  const options = {
    seed: customer,
    start: Date.UTC(2026, 5, 1),
    vocabulary: customer,
    application: customer % 8 === 4 ? 'builder' : 'player',
  } as const;
  const small = Math.floor(Number(values.logs) / 7);
  return [
    ...takeSyntheticLogs(Number(values.logs) - small, options),
    ...takeSyntheticLogs(small, { ...options, size: 'small' }),
  ];
}

function asModule(texts: readonly string[]): string {
  const lines = texts.flatMap((text) => text.match(new RegExp(`.{1,${LINE}}`, 'gsu')) ?? []);
  const literals = lines.map((line) => `  '${line.replaceAll(/[\\']/g, '\\$&')}',\n`);
  return [
    '/** Made by test/tools/make-log-dictionary.ts. Never change it: stored documents are read with it. */\n',
    `export default Buffer.from(\n[\n${literals.join('')}].join(''),\n);\n`,
  ].join('');
}
