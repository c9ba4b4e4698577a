import * as z from 'zod/mini';
import { parseJson } from '../parse-json.ts';

/**
 * What a message of the resolve queue asks of the ingest function (docs/architecture.md#the-feed): to finish or to void
 * one slot that a reader waits for, or whatever is open in any shard, as the schedule does. The body of a message is
 * the request as JSON.
 */
export const resolveRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slot'),
    shard: z.int().check(z.nonnegative()),
    /** From 1. */
    number: z.int().check(z.positive()),
  }),
  z.object({ kind: z.literal('all') }),
]);

export type ResolveRequest = z.infer<typeof resolveRequestSchema>;

/** The kinds of requests that this release reads. */
export const RESOLVE_KINDS: readonly ResolveRequest['kind'][] = ['slot', 'all'];

/** What the schedule asks. */
export const RESOLVE_ALL: ResolveRequest = { kind: 'all' };

/**
 * Reads the body of a message.
 *
 * @returns undefined if it is no such request
 */
export function parseResolveRequest(body: string): ResolveRequest | undefined {
  const result = resolveRequestSchema.safeParse(parseJson(body));
  return result.success ? result.data : undefined;
}
