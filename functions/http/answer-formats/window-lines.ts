import { publishedLog } from '../../../shared/log/formats/published.ts';
import { UNCOMPRESSED } from '../budget/cost.ts';
import { VARY } from '../responses.ts';
import type { WindowFormat } from './answer-format.ts';
import { NDJSON } from './ndjson.ts';

const LINES: WindowFormat = {
  mediaType: NDJSON.mediaType,
  frame: (results, logs) => NDJSON.frame(results, logs, undefined),
  // Answers in JSON were here first, and say that they depend on the encoding alone. Nobody may keep either of them.
  headers: () => ({ Vary: VARY.byFormat }),
  writeLog: publishedLog,
  needsCreatedAt: false,
  bodyLength: (results, storedBytes) => storedBytes + results,
  mostCost: UNCOMPRESSED,
};

const endLine = (results: number): Buffer => Buffer.from(`{"_end":true,"count":${results}}\n`);

/** The same, and a last line that counts the logs. */
const LINES_WITH_END: WindowFormat = {
  ...LINES,
  *frame(results, logs) {
    yield* LINES.frame(results, logs);
    yield endLine(results);
  },
  bodyLength: (results, storedBytes) => LINES.bodyLength(results, storedBytes) + endLine(results).length,
};

/** A log of the window a line (docs/contract.md#reading-logs). Without pages there is no header that counts them. */
export const WINDOW_LINES: WindowFormat = { ...LINES, withEndLine: LINES_WITH_END };
