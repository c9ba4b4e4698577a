import { cpus, totalmem, type } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { closeInReverse } from '../local/emulator/process/close-in-reverse.ts';
import { failure } from '../shared/command-line.ts';
import { DISTINCT_LOGS } from './data.ts';
import { endOnRequest } from './end-on-request.ts';
import { cpu } from './measure/cpu.ts';
import { feed } from './measure/feed.ts';
import { freshness } from './measure/freshness.ts';
import { growth } from './measure/growth.ts';
import { ingest } from './measure/ingest.ts';
import { localStack } from './measure/local-stack.ts';
import { page } from './measure/page.ts';
import { postgresql } from './measure/postgresql.ts';
import { requests } from './measure/requests.ts';
import { storage } from './measure/storage.ts';
import { windows } from './measure/windows.ts';
import { writeUnits } from './measure/write-units.ts';
import type { Measurement, Result } from './measurement.ts';
import { type BenchOptions, helpText, readOptions } from './options.ts';
import { startCanned } from './subject.ts';
import { formatTable } from './table.ts';

/** `npm run bench`: the parts of the benchmark, one after the other, and their tables (docs/performance.md). */

const PARTS: readonly Measurement[] = [
  requests,
  cpu,
  storage,
  localStack,
  postgresql,
  ingest,
  growth,
  windows,
  feed,
  writeUnits,
  freshness,
  page,
];

/** Logs of the table that parts share: the most that growth asks for. */
const MOST_LOGS = 1_000_000;

/** How long a part that is broken off may take to clear away what it was about to start, milliseconds. */
const SETTLING = 1000;

const startedAt = performance.now();

/** Progress goes where it does not mix with the results. */
const progress = (line: string): void => {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
};

async function bench({ only, scale }: BenchOptions): Promise<Array<Measurement & Result>> {
  const selected = PARTS.filter(({ name }) => only.length === 0 || only.includes(name));
  const started = closeInReverse();
  endOnRequest(started.close);
  const size = (count: number): number => Math.max(10, Math.round(count * scale));
  let canned: Promise<string> | undefined;
  const startShared = async (): Promise<string> => {
    progress('writing the canned answers');
    const { url, close } = await startCanned({
      shape: 'service',
      count: size(selected.includes(growth) ? MOST_LOGS : DISTINCT_LOGS),
      distinct: size(DISTINCT_LOGS),
    });
    await started.add(close);
    return url;
  };
  const cannedService = (): Promise<string> => {
    canned ??= startShared();
    return canned;
  };

  const results: Array<Measurement & Result> = [];
  try {
    for (const part of selected) {
      started.stopping.throwIfAborted();
      progress(part.title);
      const own = closeInReverse();
      const context = {
        size,
        scale,
        cannedService,
        progress: (line: string) => progress(`   ${line}`),
        started: own,
      };
      const running = part.run(context).catch(failed).finally(own.close);
      await started.add(async () => {
        await own.close();
        await Promise.race([running, delay(SETTLING, undefined, { ref: false })]);
      });
      results.push({ ...part, ...(await running) });
    }
  } finally {
    await started.close();
  }
  return results;
}

/** The other parts still have something to say. */
function failed(error: unknown): Result {
  process.exitCode = 1;
  return { rows: [], notes: [`failed: ${(error as Error).message}`] };
}

const machine = (): string =>
  `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()}, ` +
  `Node ${process.versions.node}`;

function show(results: ReadonlyArray<Measurement & Result>, { scale }: BenchOptions): string {
  const parts = results.map(({ title, rows, notes }) =>
    [
      `## ${title}`,
      ...(rows.length === 0 ? [] : [formatTable(rows)]),
      notes.map((note) => `- ${note}`).join('\n'),
    ].join('\n\n'),
  );
  return `${[`${machine()}, --scale ${scale}`, ...parts].join('\n\n')}\n`;
}

try {
  const options = readOptions(
    process.argv.slice(2),
    PARTS.map(({ name }) => name),
  );
  if (options.help) {
    process.stdout.write(helpText(PARTS));
  } else {
    const results = await bench(options);
    const report = { machine: machine(), scale: options.scale, parts: results };
    process.stdout.write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : show(results, options));
  }
} catch (error) {
  const { message, exitStatus } = failure(error, helpText(PARTS));
  console.error(message);
  process.exitCode = exitStatus;
}
