/** The metrics of the archive function: alarms watch the first three. */

/** How long ago the oldest log was stored that is in no file yet, seconds; 0 if there is none. In each run. */
export const ARCHIVE_AGE = 'ArchiveAge';
/** Files before or in which logs may be missing, because the feed had a gap. */
export const ARCHIVE_GAPS = 'ArchiveGaps';
/** Logs that expired between the record of their batch and the writing of its file. */
export const ARCHIVE_MISSING = 'ArchiveMissing';
/** Logs and files that were written. A retry may count them again. */
export const ARCHIVED_LOGS = 'ArchivedLogs';
export const ARCHIVED_FILES = 'ArchivedFiles';
