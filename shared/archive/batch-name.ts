import { type Cursor, formatCursor, type Place } from '../feed/cursor.ts';
import { sha256 } from '../sha256.ts';
import { placeText } from './batch.ts';
import { type Compression, EXTENSIONS } from './compressions.ts';

const HASH_DIGITS = 16;

export interface NamedBatch {
  readonly from: Place;
  readonly to: Cursor;
  /** When its oldest log was stored, epoch milliseconds. */
  readonly oldestAt: number;
  readonly compression: Compression;
}

/**
 * The name of a batch's object, such as
 * `dt=2026-11-22/hr=19/security-logs-20261122T190542316Z-0123456789abcdef.ndjson.gz`: partitions as Athena reads them
 * (docs/custom-services.md#files-with-many-logs), the time of the oldest log, and a hash of the range. Two batches never have the
 * same name.
 */
export function batchName({ from, to, oldestAt, compression }: NamedBatch): string {
  const time = new Date(oldestAt).toISOString();
  const partition = `dt=${time.slice(0, 10)}/hr=${time.slice(11, 13)}`;
  const hash = sha256(`${placeText(from)} ${formatCursor(to)}`).slice(0, HASH_DIGITS);
  const extension = `ndjson.${EXTENSIONS[compression]}`;
  return `${partition}/security-logs-${time.replaceAll(/[-:.]/g, '')}-${hash}.${extension}`;
}
