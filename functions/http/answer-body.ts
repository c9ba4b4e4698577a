import { addAbortSignal, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { decodeDocument, documentLength } from '../../shared/log/document-codec.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import type { StoredLog } from '../../shared/store/log-list.ts';
import { AS_IT_IS, type Cost } from './budget.ts';
import type { ContentEncoding } from './content-encoding.ts';
import { encodeBody } from './encode-body.ts';
import { answerLength, frameAnswer } from './formats/pages.ts';

/**
 * The body of an answer: each document decoded, framed into pages, and encoded for the caller.
 *
 * @param signal cuts it when the time is up: a cut body is unclosed on a broken connection
 */
export function answerBody(
  { results, inOrder }: Collection,
  encoding: ContentEncoding,
  signal: AbortSignal,
): Readable {
  // What is sent is what has to end in time: a short body may long have ended when its encoded one is still read.
  return addAbortSignal(signal, encodeBody(framed(results, inOrder()), encoding));
}

const framed = (results: number, logs: Iterable<StoredLog>): Readable =>
  Readable.from(frameAnswer(results, decoded(logs)), { objectMode: false });

function* decoded(logs: Iterable<StoredLog>): Generator<Buffer> {
  for (const { document } of logs) yield decodeDocument(document);
}

/** Of how much JSON the cost of an encoding is measured. */
const SAMPLE_BYTES = 32 * 1024 * 1024;

/**
 * Measures what an encoding makes of a collection, by answering with its first logs. A longer answer compresses
 * better, and runs faster once it has warmed up, so the measure errs on the safe side.
 */
export async function measureCost(collection: Collection, encoding: ContentEncoding): Promise<Cost> {
  if (encoding === 'identity') return AS_IT_IS;
  const { logs, documentBytes } = sampleOf(collection);
  const startedAt = performance.now();
  const encoded = await buffer(encodeBody(framed(logs.length, logs), encoding));
  const bytes = answerLength(logs.length, documentBytes);
  return { sentBytes: encoded.length / bytes, workMs: (performance.now() - startedAt) / bytes };
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
