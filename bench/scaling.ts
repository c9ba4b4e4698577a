import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failure, readCommandLine, UsageError } from '../shared/command-line.ts';
import { putBetween } from '../tools/contract-tables/put-between.ts';
import { rowOf, SEEDS } from './scaling/rows.ts';
import { AS_DEPLOYED, GROUPS, type Setup } from './scaling/scenarios.ts';
import { formatTable } from './table.ts';

/** `npm run scaling`: simulates ingest at a rate, or the scenarios of docs/scaling.md. */

const USAGE = `Usage: npm run scaling -- [--rate N] [options]

Simulates ingest from the bus to the table, and shows how many events wait and for how long (docs/scaling.md).

  --rate N           events a second
  --warm N           the table's warm throughput, write units a second (default ${AS_DEPLOYED.warmWrites}: a new table)
  --shards N         of the logs of each application (default ${AS_DEPLOYED.shards})
  --feed-shards N    of the feed (default ${AS_DEPLOYED.feedShards})
  --concurrency N    invocations of ingest at once, at most (default ${AS_DEPLOYED.concurrency})
  --table-quota N    write units a second of the table, at most (default ${AS_DEPLOYED.mostWrites})
  --bus-quota N      events a second from the bus to the queue, at most (default ${AS_DEPLOYED.invocations})
  --player-share N   the share of the events that are the Player's, 0 to 1 (default ${AS_DEPLOYED.playerShare})
  --minutes N        (default ${AS_DEPLOYED.minutes})
  --seed N           may be repeated (default ${SEEDS.join(', ')})
  --page             runs the scenarios of docs/scaling.md and writes its tables, in some minutes
  --help             show this
`;

const PAGE = fileURLToPath(new URL('../docs/scaling.md', import.meta.url));

const OPTIONS = {
  rate: 'rate',
  warm: 'warmWrites',
  shards: 'shards',
  'feed-shards': 'feedShards',
  concurrency: 'concurrency',
  'table-quota': 'mostWrites',
  'bus-quota': 'invocations',
  'player-share': 'playerShare',
  minutes: 'minutes',
} as const satisfies Record<string, keyof Setup>;

const readOptions = (commandLine: readonly string[]) => {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine(commandLine, {
    rate: text,
    warm: text,
    shards: text,
    'feed-shards': text,
    concurrency: text,
    'table-quota': text,
    'bus-quota': text,
    'player-share': text,
    minutes: text,
    seed: { type: 'string', multiple: true, default: SEEDS.map(String) },
    page: { type: 'boolean', default: false },
  });
  return values;
};
type Values = ReturnType<typeof readOptions>;

function main(): void {
  const values = readOptions(process.argv.slice(2));
  if (values.help) console.log(USAGE);
  else if (values.page) writePage();
  else simulateOne(values);
}

function simulateOne(values: Values): void {
  if (values.rate === undefined) throw new UsageError('--rate or --page is needed');
  const changes = Object.entries(OPTIONS).flatMap(([name, key]) => {
    const value = values[name as keyof typeof OPTIONS];
    return value === undefined ? [] : [[key, positive(name, value)]];
  });
  const seeds = values.seed.map((seed) => positive('seed', seed));
  console.log(formatTable([rowOf({ ...AS_DEPLOYED, ...Object.fromEntries(changes) }, seeds)]));
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new UsageError(`--${name} is ${JSON.stringify(value)}; accepted: a number above 0`);
}

function writePage(): void {
  for (const [name, setups] of Object.entries(GROUPS)) {
    const rows = setups.map((setup) => rowOf(setup));
    writeFileSync(PAGE, putBetween(readFileSync(PAGE, 'utf8'), name, `${formatTable(rows)}\n`));
  }
}

try {
  main();
} catch (error) {
  const { message, exitStatus } = failure(error, USAGE);
  console.error(message);
  process.exitCode = exitStatus;
}
