import { publishedLog } from '../../../shared/log/formats/published.ts';
import { JSON_TYPE } from '../../../shared/media-types.ts';
import { PAGE_SIZE } from '../../../shared/query/pages.ts';
import { UNCOMPRESSED } from '../budget/cost.ts';
import { announcedLogs } from './announced-logs.ts';
import type { WindowFormat } from './answer-format.ts';
import { inChunks } from './chunks.ts';

export const pageCount = (results: number): number => Math.ceil(results / PAGE_SIZE);

/** A JSON array of pages, each with its number, its count and its logs (docs/contract.md#reading-logs). */
export const JSON_PAGES: WindowFormat = {
  mediaType: JSON_TYPE,
  headers: (results) => ({ 'Number-Of-Pages': String(pageCount(results)) }),
  writeLog: publishedLog,
  needsCreatedAt: false,
  frame: (results, logs) => inChunks(pieces(results, logs)),
  bodyLength,
  mostCost: UNCOMPRESSED,
};

const COMMA = Buffer.from(',');
const END_OF_PAGE = Buffer.from(']}');

function* pieces(results: number, logs: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let sent = 0;
  yield Buffer.from('[');
  for (const log of announcedLogs(results, logs)) {
    if (sent % PAGE_SIZE === 0) yield Buffer.from(startOfPage(sent / PAGE_SIZE + 1, results));
    else yield COMMA;
    yield log;
    sent += 1;
    if (sent % PAGE_SIZE === 0 || sent === results) yield END_OF_PAGE;
  }
  yield Buffer.from(']');
}

function startOfPage(pageNumber: number, results: number): string {
  const onPage = Math.min(PAGE_SIZE, results - (pageNumber - 1) * PAGE_SIZE);
  return `${pageNumber === 1 ? '' : ','}{"pageNumber":${pageNumber},"results":${onPage},"securityLogs":[`;
}

function bodyLength(results: number, storedBytes: number): number {
  const pages = pageCount(results);
  let frame = '[]'.length + (results - pages) * COMMA.length + pages * END_OF_PAGE.length;
  for (let page = 1; page <= pages; page++) frame += startOfPage(page, results).length;
  return frame + storedBytes;
}
