import * as z from 'zod/mini';

/** What the resolve queue carries: one slot that a reader waits for, or, each minute, all slots (docs/feed.md#resolving). */
export const resolveRequestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slot'),
    shard: z.number().check(z.int(), z.nonnegative()),
    number: z.number().check(z.int(), z.positive()),
  }),
  z.object({ kind: z.literal('all') }),
]);

export type ResolveRequest = z.infer<typeof resolveRequestSchema>;
