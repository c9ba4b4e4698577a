import {
  type ArchiveReport,
  type ArchiveStates,
  archiver,
  type BatchStore,
} from '../../../../shared/archive/archive.ts';
import { type ArchiveState, type Batch, parseState, stateText } from '../../../../shared/archive/batch.ts';
import type { BatchBounds } from '../../../../shared/archive/choose-batch.ts';
import type { CompressLines } from '../../../../shared/archive/compress-lines.ts';
import { feedReader } from '../../../../shared/feed/read-feed.ts';
import { rangeReader } from '../../../../shared/feed/read-range.ts';
import { SECOND } from '../../../../shared/time.ts';
import type { Process } from '../../feed/simulation/scheduler.ts';
import type { Service } from '../../feed/simulation/service.ts';
import { simulatedTable } from '../../feed/simulation/simulated-table.ts';

/** The archive, as its runs work in the simulation of the feed: every request to the table and to the bucket is the scheduler's. */

export interface WrittenObject {
  readonly batch: Batch;
  readonly content: string;
  readonly missing: number;
}

export type SimulatedArchive = ReturnType<typeof simulatedArchive>;

export function simulatedArchive(service: Service, bounds: BatchBounds, retentionHours: number) {
  const { processes } = service;
  let revision = 0;
  let state = stateText({});
  let beganAt: number | undefined;
  /** In the order in which they were written. */
  const objects = new Map<string, WrittenObject>();
  /** Everything that anybody tried to write. */
  const puts: WrittenObject[] = [];
  const told: WrittenObject[] = [];

  const statesOf = ({ submit }: Process): ArchiveStates => ({
    read: () =>
      submit({
        label: 'read state',
        partition: 'archive',
        isEventual: false,
        isWrite: false,
        perform: () => ({ revision, ...parseState(state) }),
        describe: String,
      }),
    replace: (expected: number, next: ArchiveState) =>
      submit({
        label: `replace state ${expected}`,
        partition: 'archive',
        isEventual: false,
        isWrite: true,
        perform: () => {
          if (expected !== revision) return false;
          beganAt ??= processes.now();
          revision += 1;
          state = stateText(next);
          return true;
        },
        describe: String,
      }),
  });

  const objectsOf = ({ submit }: Process): BatchStore => ({
    put: ({ batch, content, missing }) =>
      submit({
        label: `put ${batch.name}`,
        partition: 'bucket',
        isEventual: false,
        isWrite: true,
        perform: () => {
          const object = { batch, content: content.toString(), missing };
          puts.push(object);
          if (!objects.has(batch.name)) objects.set(batch.name, object);
        },
        describe: String,
      }),
  });

  const report: ArchiveReport = {
    age: () => undefined,
    written: ({ batch, content, missing }) => told.push({ batch, content: content.toString(), missing }),
  };

  /** Without threads, which the scheduler would not wait for. */
  const compress: CompressLines = async (_, chunks) => {
    const lines: Buffer[] = [];
    for await (const logs of chunks) lines.push(...logs);
    return { content: Buffer.from(lines.map((line) => `${line}\n`).join('')), lines: lines.length };
  };

  return {
    objects,
    puts,
    told,
    /** When the state was written first: of logs that had expired by then, nothing is promised. Epoch milliseconds. */
    beganAt: (): number => beganAt ?? Number.POSITIVE_INFINITY,
    text: (): string => `${revision} ${state} ${[...objects.keys()].join()}`,

    /** A run of the function. What it throws is the function's failure: the next run goes on. */
    run(name: string, skew = 0): void {
      processes.start(name, skew, async (process) => {
        const openTable = () =>
          simulatedTable(processes.items, process.submit, {
            logStored: () => service.report('the archive stored a log'),
            slotSealed: () => service.report('the archive sealed a slot'),
            expiresAt: () => service.report('the archive wrote an item of the feed'),
          });
        const archive = archiver({
          states: statesOf(process),
          readFeed: feedReader({ openTable, retentionHours, now: process.now }),
          readRange: rangeReader({ openTable, now: process.now }),
          compress,
          objects: objectsOf(process),
          form: { format: 'published', ocsfVersion: '1.1.0', ocsfUser: 'label.rid', compression: 'gzip' },
          bounds,
          retentionHours,
          now: process.now,
          report,
        });
        await archive(process.now() + 45 * SECOND, process.signal);
      });
    },
  };
}
