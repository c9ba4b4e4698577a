import { documentLength } from '../../../shared/log/document-codec.ts';
import type { Collection } from '../../../shared/store/collect-window.ts';
import type { StoredLog } from '../../../shared/store/log-list.ts';
import type { WindowFormat } from '../answer-formats/answer-format.ts';
import type { ContentEncoding } from '../negotiate-encoding.ts';
import { writeLogs } from '../write-body.ts';
import type { Cost } from './cost.ts';

/** How much JSON of the logs the sample has. */
const SAMPLE_BYTES = 32 * 1024 * 1024;

/**
 * Estimates what sending a collection costs: it writes and compresses the body of the first logs, up to 32 MB. A longer
 * body compresses better, and takes less work a byte once the process has warmed up, so the estimate errs on the safe
 * side.
 *
 * In another format than the published one a log's length follows from its stored length and from what the format adds to
 * each log. So both are measured, by the byte and by the log. If what is added to a log does not grow faster than the log, the larger
 * sum is enough for all logs, whatever their sizes. A whole body that is sent uncompressed is measured exactly, to its last
 * log.
 */
export async function estimateCost(
  collection: Collection,
  format: WindowFormat,
  encoding: ContentEncoding,
): Promise<Cost> {
  const isStored = format.mostCost.kind === 'exact';
  if (collection.results === 0 || (encoding === 'identity' && isStored)) return format.mostCost;
  const isExact = encoding === 'identity' && collection.readUntil === undefined;
  const { logs, results, documentBytes } = isExact ? whole(collection) : sampleOf(collection);
  const startedAt = performance.now();
  let sent = 0;
  for await (const chunk of writeLogs(results, logs, format, encoding)) sent += chunk.length;
  const workMs = performance.now() - startedAt;
  const bytes = format.bodyLength(results, documentBytes);
  const cost: Cost = {
    kind: isExact ? 'exact' : 'estimated',
    sentBytes: sent / bytes,
    workMs: workMs / bytes,
  };
  return isStored ? cost : { ...cost, perLog: { sentBytes: sent / results, workMs: workMs / results } };
}

/** Logs to write, and how many and how large they are. */
interface Sample {
  readonly logs: Iterable<StoredLog>;
  readonly results: number;
  readonly documentBytes: number;
}

const whole = ({ inOrder, results, documentBytes }: Collection): Sample => ({
  logs: inOrder(),
  results,
  documentBytes,
});

function sampleOf(collection: Collection): Sample {
  const logs: StoredLog[] = [];
  let documentBytes = 0;
  for (const log of collection.inOrder()) {
    logs.push(log);
    documentBytes += documentLength(log.document);
    if (documentBytes >= SAMPLE_BYTES) break;
  }
  return { logs, results: logs.length, documentBytes };
}
