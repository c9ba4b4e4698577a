/**
 * How an answer is framed (docs/contract.md#reading-logs): a JSON array of pages, each with its number, its count and its logs.
 */

/** Logs in a full page. */
export const PAGE_SIZE = 10_000;

export const pageCount = (results: number): number => Math.ceil(results / PAGE_SIZE);

/** Bytes of the chunks a body is sent in: large ones spare the compressor and the stream most of their steps. */
const CHUNK_BYTES = 256 * 1024;

/**
 * The body of an answer.
 *
 * @param results how many documents there are
 * @param documents the JSON of each, in UTF-8, in order
 * @returns chunks of 256 KiB at most, but for a document that is longer
 * @throws Error if there are more or fewer documents than `results`: before the end, so that the JSON stays unclosed
 */
export function* frameAnswer(
  results: number,
  documents: Iterable<Buffer>,
): Generator<Buffer, void, undefined> {
  let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let used = 0;
  for (const piece of pieces(results, documents)) {
    if (used + piece.length > chunk.length) {
      yield chunk.subarray(0, used);
      chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, piece.length));
      used = 0;
    }
    used += piece.copy(chunk, used);
  }
  yield chunk.subarray(0, used);
}

const COMMA = Buffer.from(',');
const END_OF_PAGE = Buffer.from(']}');

function* pieces(results: number, documents: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let sent = 0;
  yield Buffer.from('[');
  for (const document of documents) {
    if (sent >= results) throw new Error(`more documents than the ${results} that were announced`);
    if (sent % PAGE_SIZE === 0) yield Buffer.from(startOfPage(sent / PAGE_SIZE + 1, results));
    else yield COMMA;
    yield document;
    sent += 1;
    if (sent % PAGE_SIZE === 0 || sent === results) yield END_OF_PAGE;
  }
  if (sent !== results) throw new Error(`${sent} documents instead of the ${results} that were announced`);
  yield Buffer.from(']');
}

function startOfPage(pageNumber: number, results: number): string {
  const onPage = Math.min(PAGE_SIZE, results - (pageNumber - 1) * PAGE_SIZE);
  return `${pageNumber === 1 ? '' : ','}{"pageNumber":${pageNumber},"results":${onPage},"securityLogs":[`;
}

/** The length of an answer's body, in bytes, from its documents' number and their total length in bytes. */
export function answerLength(results: number, documentBytes: number): number {
  const pages = pageCount(results);
  let frame = '[]'.length + (results - pages) * COMMA.length + pages * END_OF_PAGE.length;
  for (let page = 1; page <= pages; page++) frame += startOfPage(page, results).length;
  return frame + documentBytes;
}
