import { buffer } from 'node:stream/consumers';
import { documentLength } from '../../../shared/log/document-codec.ts';
import type { Collection } from '../../../shared/store/collect-window.ts';
import type { StoredLog } from '../../../shared/store/log-list.ts';
import type { WindowFormat } from '../answer-formats/answer-format.ts';
import type { ContentEncoding } from '../negotiate-encoding.ts';
import { writeLogs } from '../write-body.ts';
import { type Cost, UNCOMPRESSED } from './cost.ts';

/** How much JSON of the logs the sample has. */
const SAMPLE_BYTES = 32 * 1024 * 1024;

/**
 * Estimates what sending a collection costs: it writes and compresses the body of the first logs, up to 32 MB. A longer
 * body compresses better, and takes less work a byte once the process has warmed up, so the estimate errs on the safe
 * side.
 */
export async function estimateCost(
  collection: Collection,
  format: WindowFormat,
  encoding: ContentEncoding,
): Promise<Cost> {
  if (encoding === 'identity') return UNCOMPRESSED;
  const { logs, documentBytes } = sampleOf(collection);
  const startedAt = performance.now();
  const compressed = await buffer(writeLogs(logs.length, logs, format, encoding));
  const bytes = format.bodyLength(logs.length, documentBytes);
  const workMs = (performance.now() - startedAt) / bytes;
  return { kind: 'estimated', sentBytes: compressed.length / bytes, workMs };
}

function sampleOf(collection: Collection): { logs: StoredLog[]; documentBytes: number } {
  const logs: StoredLog[] = [];
  let documentBytes = 0;
  for (const log of collection.inOrder()) {
    logs.push(log);
    documentBytes += documentLength(log.document);
    if (documentBytes >= SAMPLE_BYTES) break;
  }
  return { logs, documentBytes };
}
