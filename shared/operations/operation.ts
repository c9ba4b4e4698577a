import type * as z from 'zod/mini';
import type { ErrorCode } from '../http-errors.ts';
import type { AnswerHeader } from './answer-headers.ts';

/**
 * What a function answers at one path, to `GET` and to `HEAD`. docs/openapi.json is generated from it, and infra/ makes its
 * route. Every request is checked for its method and its key first (docs/contract.md#reading-logs).
 */
export interface Operation {
  /** The name that clients are generated with. */
  readonly id: string;
  /** From the stage on. */
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly description: string;
  /** What a 200 has. */
  readonly answer: string;
  /** The parameters of the query: a strict object, each of its members made by `once` (shared/query/read-parameters.ts). */
  readonly parameters: z.ZodMiniObject;
  /** Its errors, beside those that one wrong parameter leads to, and those that every operation has. */
  readonly errors: readonly ErrorCode[];
  /** What the body of a 200 is, by its media type. Of lines: what each line is. */
  readonly bodies: Readonly<Record<string, z.ZodMiniType>>;
  /** The headers of a 200, beside `Content-Type`. */
  readonly headers: {
    readonly always: readonly AnswerHeader[];
    readonly sometimes: readonly AnswerHeader[];
  };
  /** How to read on: the parameters of the next request, each with where this answer has its value. */
  readonly next?: {
    readonly description: string;
    readonly parameters: Readonly<Record<string, `$response.${string}`>>;
  };
}
