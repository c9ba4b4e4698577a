import { describe, expect, test } from 'vitest';
import { archiveReport } from '../../../functions/archive/report.ts';
import type { BatchObject } from '../../../shared/archive/archive.ts';

function reporting() {
  const metrics: Record<string, number> = {};
  const lines: unknown[][] = [];
  const log =
    (level: string) =>
    (...line: unknown[]): void => {
      lines.push([level, ...line]);
    };
  const report = archiveReport({ info: log('info'), error: log('error') }, {
    addMetric(name: string, _: unknown, value: number) {
      metrics[name] = value;
    },
  } as never);
  return { report, metrics, lines };
}

const object = (missing: number, gapSince?: number): BatchObject =>
  ({ batch: { name: 'the-name', logs: 5, gapSince }, content: Buffer.alloc(77), missing }) as BatchObject;

describe('the report of the archive', () => {
  test('counts a file and its logs, and names it', () => {
    const { report, metrics, lines } = reporting();
    report.written(object(0));
    expect(metrics).toEqual({ ArchivedFiles: 1, ArchivedLogs: 5, ArchiveMissing: 0, ArchiveGaps: 0 });
    expect(lines).toEqual([['info', 'a file was written', { name: 'the-name', logs: 5, bytes: 77 }]]);
  });

  test('counts what is missing, as an error', () => {
    const { report, metrics, lines } = reporting();
    report.written(object(2, Date.UTC(2026, 10, 20)));
    expect(metrics).toMatchObject({ ArchivedLogs: 3, ArchiveMissing: 2, ArchiveGaps: 1 });
    expect(lines).toEqual([
      [
        'error',
        'logs are missing in a file',
        { name: 'the-name', logs: 3, bytes: 77, missing: 2, gapSince: '2026-11-20T00:00:00.000Z' },
      ],
    ]);
  });

  test('tells the age in seconds', () => {
    const { report, metrics } = reporting();
    report.age(61_000);
    expect(metrics).toEqual({ ArchiveAge: 61 });
  });
});
