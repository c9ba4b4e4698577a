import { NDJSON_TYPE } from '../../../shared/media-types.ts';
import { announcedLogs } from './announced-logs.ts';
import type { AnswerFormat } from './answer-format.ts';
import { inChunks } from './chunks.ts';

const END_OF_LINE = Buffer.from('\n');

/** A log a line (docs/contract.md#the-feed). Whatever else there is to say is in the headers. */
export const NDJSON: AnswerFormat<unknown> = {
  mediaType: NDJSON_TYPE,
  frame: (results, logs) => inChunks(lines(results, logs)),
};

function* lines(results: number, logs: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  for (const log of announcedLogs(results, logs)) {
    yield log;
    yield END_OF_LINE;
  }
}
