import { addAbortSignal, Readable } from 'node:stream';
import { decodeDocument } from '../../shared/log/document-codec.ts';
import type { Order } from '../../shared/query/order.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import { sortKeyId } from '../../shared/store/log-key.ts';
import type { StoredLog } from '../../shared/store/log-list.ts';
import type { WindowFormat } from './answer-formats/answer-format.ts';
import { compressBody } from './compress-body.ts';
import type { ContentEncoding } from './negotiate-encoding.ts';

/**
 * Writes the body of an answer: the logs of a collection in a format, compressed for the caller.
 *
 * @param signal cuts the body when the time is up
 */
export const writeBody = (
  { results, inOrder }: Pick<Collection, 'results' | 'inOrder'>,
  format: WindowFormat,
  encoding: ContentEncoding,
  signal: AbortSignal,
  order?: Order,
): Readable => cutBody(writeLogs(results, inOrder(order), format, encoding), signal);

/** The same of any logs, as long as it takes. */
export const writeLogs = (
  results: number,
  logs: Iterable<StoredLog>,
  format: WindowFormat,
  encoding: ContentEncoding,
): Readable => writeChunks(format.frame(results, written(logs, format)), encoding);

/** Compresses the chunks of a body for the caller. They are taken no faster than the body is read. */
export const writeChunks = (chunks: Iterable<Buffer>, encoding: ContentEncoding): Readable =>
  compressBody(Readable.from(chunks, { objectMode: false }), encoding);

/**
 * Cuts a body when a signal aborts: it stays unclosed, and the connection breaks.
 *
 * @param body as it is sent: that is what has to end in time, and it may take longer than what is compressed
 */
export const cutBody = (body: Readable, signal: AbortSignal): Readable => addAbortSignal(signal, body);

function* written(logs: Iterable<StoredLog>, format: WindowFormat): Generator<Buffer> {
  // A format that needs the time of storing has asked for it. Without it, writing the time fails.
  for (const { sortKey, document, createdAt = Number.NaN } of logs)
    yield format.writeLog({ id: sortKeyId(sortKey), json: decodeDocument(document), createdAt });
}
