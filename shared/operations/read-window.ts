import * as z from 'zod/mini';
import { JSON_TYPE, NDJSON_TYPE } from '../media-types.ts';
import { PAGE_SIZE } from '../query/pages.ts';
import { windowParameters } from '../query/parameters.ts';
import { windowLogSchema } from './log-schemas.ts';
import type { Operation } from './operation.ts';

/** The logs of a time range (docs/contract.md#reading-logs). */

const pages = z.array(
  z.strictObject({
    pageNumber: z.int().check(z.positive()),
    results: z.int().check(z.positive(), z.maximum(PAGE_SIZE)),
    securityLogs: z.array(windowLogSchema).check(z.minLength(1), z.maxLength(PAGE_SIZE)),
  }),
);

const endLine = z
  .strictObject({ _end: z.literal(true), count: z.int().check(z.nonnegative()) })
  .check(z.describe('The last line, with end=line.'));

export const READ_WINDOW: Operation = {
  id: 'readWindow',
  path: '/api/get-security-logs',
  summary: 'The logs of a time range',
  description:
    'The logs whose event occurred in a half-open time range, in the order of their time, streamed. A window misses events that arrive after it was read; the feed misses none.',
  answer: 'The logs, in the format that the parameter format chose. The headers come before the first byte.',
  parameters: windowParameters,
  errors: [
    'invalid_window',
    'conflicting_parameters',
    'application_not_allowed',
    'not_acceptable',
    'no_acceptable_encoding',
    'window_too_large',
    'second_too_large',
    'read_too_slow',
  ],
  bodies: { [JSON_TYPE]: pages, [NDJSON_TYPE]: z.union([windowLogSchema, endLine]) },
  headers: {
    always: ['Number-Of-Results', 'End-Time', 'Cache-Control', 'Vary'],
    sometimes: ['Number-Of-Pages', 'Content-Encoding'],
  },
  next: {
    description: 'The window that follows, without gap or repeat.',
    parameters: { start_time: '$response.header.End-Time' },
  },
};
