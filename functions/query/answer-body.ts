import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { decodeDocument, documentLength } from '../../shared/log-codec.ts';
import type { Collection } from '../../shared/log-collection.ts';
import type { KeptLog } from '../../shared/log-list.ts';
import { answerLength, frameAnswer } from '../../shared/log-pages.ts';
import { AS_IT_IS, type Cost } from './budget.ts';
import { type ContentEncoding, encodeBody } from './content-encoding.ts';

/**
 * The body of an answer: each document inflated, framed into pages, and encoded for the caller.
 *
 * @param signal cuts it when the time is up: a cut body is unclosed on a broken connection
 */
export function answerBody(
  { results, inOrder }: Pick<Collection, 'results' | 'inOrder'>,
  encoding: ContentEncoding,
  signal?: AbortSignal,
): Readable {
  const chunks = frameAnswer(results, decoded(inOrder()));
  return encodeBody(Readable.from(chunks, { objectMode: false, ...(signal && { signal }) }), encoding);
}

function* decoded(logs: Iterable<KeptLog>): Generator<Buffer> {
  for (const { document } of logs) yield decodeDocument(document);
}

/** Logs the cost of an encoding is measured on. */
const SAMPLE = 4_000;

/**
 * Measures what an encoding makes of a collection, by answering with its first logs. A longer answer compresses
 * better, and runs faster once it has warmed up, so the measure errs on the safe side.
 */
export async function measureCost(collection: Collection, encoding: ContentEncoding): Promise<Cost> {
  if (encoding === 'identity') return AS_IT_IS;
  const sample: KeptLog[] = [];
  for (const log of collection.inOrder()) if (sample.push(log) === SAMPLE) break;
  const documentBytes = sample.reduce((sum, { document }) => sum + documentLength(document), 0);
  const bytes = answerLength(sample.length, documentBytes);

  const startedAt = performance.now();
  const body = answerBody({ results: sample.length, inOrder: () => sample }, encoding);
  const encoded = await buffer(body);
  return { sentBytes: encoded.length / bytes, workMs: (performance.now() - startedAt) / bytes };
}
