import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { ArchiveReport } from '../../shared/archive/archive.ts';
import {
  ARCHIVE_AGE,
  ARCHIVE_GAPS,
  ARCHIVE_MISSING,
  ARCHIVED_FILES,
  ARCHIVED_LOGS,
} from '../../shared/archive-metrics.ts';
import { SECOND } from '../../shared/time.ts';

/** Counts what is archived, and logs each file: its name and its counts, nothing of a log. */
export const archiveReport = (
  logger: Pick<Logger, 'info' | 'error'>,
  metrics: Pick<Metrics, 'addMetric'>,
): ArchiveReport => ({
  age: (ms) => metrics.addMetric(ARCHIVE_AGE, MetricUnit.Seconds, ms / SECOND),

  written({ batch: { name, logs, gapSince }, content, missing }) {
    const fields = { name, logs: logs - missing, bytes: content.length };
    metrics.addMetric(ARCHIVED_FILES, MetricUnit.Count, 1);
    metrics.addMetric(ARCHIVED_LOGS, MetricUnit.Count, fields.logs);
    metrics.addMetric(ARCHIVE_MISSING, MetricUnit.Count, missing);
    metrics.addMetric(ARCHIVE_GAPS, MetricUnit.Count, gapSince === undefined ? 0 : 1);
    if (missing === 0 && gapSince === undefined) logger.info('a file was written', fields);
    else {
      const gap = gapSince === undefined ? {} : { gapSince: new Date(gapSince).toISOString() };
      logger.error('logs are missing in a file', { ...fields, missing, ...gap });
    }
  },
});
