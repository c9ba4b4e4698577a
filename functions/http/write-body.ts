import { addAbortSignal, Readable } from 'node:stream';
import { decodeDocument } from '../../shared/log/document-codec.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import type { StoredLog } from '../../shared/store/log-list.ts';
import type { AnswerFormat } from './answer-formats/answer-format.ts';
import { compressBody } from './compress-body.ts';
import type { ContentEncoding } from './negotiate-encoding.ts';

/**
 * Writes the body of an answer: the logs of a collection in a format, compressed for the caller.
 *
 * @param signal cuts the body when the time is up: it stays unclosed, and the connection breaks
 */
export function writeBody(
  { results, inOrder }: Collection,
  format: AnswerFormat,
  encoding: ContentEncoding,
  signal: AbortSignal,
): Readable {
  // The signal is on the compressed body: what has to end in time is what is sent, which may take longer than what is
  // compressed.
  return addAbortSignal(signal, writeLogs(results, inOrder(), format, encoding));
}

/** The same of any logs, as long as it takes. */
export function writeLogs(
  results: number,
  logs: Iterable<StoredLog>,
  format: AnswerFormat,
  encoding: ContentEncoding,
): Readable {
  const framed = format.frame(results, written(logs, format));
  return compressBody(Readable.from(framed, { objectMode: false }), encoding);
}

function* written(logs: Iterable<StoredLog>, format: AnswerFormat): Generator<Buffer> {
  for (const { document } of logs) yield format.writeLog(decodeDocument(document));
}
