import pMap from 'p-map';
import { closeInReverse } from '../../../local/emulator/process/close-in-reverse.ts';
import { onStopRequest } from '../../../local/stop-requests.ts';
import { synthesize } from '../../../local/synthesize.ts';
import { failure, readCommandLine, UsageError } from '../../../shared/command-line.ts';
import { bundleForDays } from './day-bundles.ts';
import { runDay } from './run-day.ts';

/** Runs days of many seeds, one after the other or a few at once. */

const USAGE = `Usage: node test/end-to-end/feed-day/many-days.ts [options]

Runs days of a few seconds through the whole local stack, with trouble of every kind, and checks that each consumer of
the feed has each log exactly once. A seed decides the events and how much trouble there is.

  --days N      how many seeds (default 100)
  --from SEED   the first seed (default 1)
  --at-once N   how many days run side by side (default 2)
  --events N    events of a day, copies apart (default 1000)
  --seconds N   in how many seconds they are published (default 8)
  --hour N      how long an hour of the lifetimes is, milliseconds, at least 2000 (default 3000)
  --help

A line a day goes to the standard output, and the steps of each day to the standard error. Exit status: 0 if every day was right, 1 if one was not, 2 if
the options are wrong.`;

function readOptions(args: readonly string[]) {
  const { values } = readCommandLine(args, {
    days: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '2' },
    events: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '8' },
    hour: { type: 'string', default: '3000' },
  });
  const whole = (name: 'days' | 'from' | 'at-once' | 'events' | 'seconds' | 'hour'): number => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`--${name} ${values[name]}: accepted: a whole number from 1`);
    return value;
  };
  return {
    help: values.help,
    days: whole('days'),
    from: whole('from'),
    atOnce: whole('at-once'),
    events: whole('events'),
    seconds: whole('seconds'),
    hour: whole('hour'),
  };
}

const progressOf = (seed: number) => {
  const startedAt = performance.now();
  return (step: string): void => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
    process.stderr.write(`${seconds} s  seed ${seed}: ${step}\n`);
  };
};

/** @returns how many days were wrong */
async function manyDays({ days, from, atOnce, ...size }: ReturnType<typeof readOptions>): Promise<number> {
  const [assembly, bundles] = await Promise.all([synthesize(), bundleForDays()]);
  let [right, wrong] = [0, 0];
  const all = closeInReverse();
  await all.add(assembly.close);
  onStopRequest(() => {
    const end = (): never => process.exit(1);
    all.close().then(end, end);
  });
  try {
    const seeds = Array.from({ length: days }, (_, i) => from + i);
    const run = async (seed: number): Promise<void> => {
      const started = closeInReverse();
      await all.add(started.close);
      const options = { ...size, assembly: assembly.folder, bundles, progress: progressOf(seed) };
      const outcome = await runDay(seed, options, started).catch((error: Error) => ({
        violations: [`it could not be run to its end: ${error.stack}`],
        story: {},
      }));
      if (outcome.violations.length === 0) right += 1;
      else wrong += 1;
      console.log(
        `seed ${seed}: ${outcome.violations.length === 0 ? 'right' : 'WRONG'} ${JSON.stringify(outcome.story)}`,
      );
      for (const violation of outcome.violations.slice(0, 20)) console.log(`  ${violation}`);
      console.log(`${right + wrong} of ${days}: ${right} right, ${wrong} wrong`);
    };
    await pMap(seeds, run, { concurrency: atOnce });
  } finally {
    await all.close();
  }
  return wrong;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(USAGE);
  else if ((await manyDays(options)) > 0) process.exitCode = 1;
} catch (error) {
  const { message, exitStatus } = failure(error, USAGE, ({ stack }) => String(stack));
  console.error(message);
  process.exitCode = exitStatus;
}
