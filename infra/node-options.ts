/** How large V8's heap may become, MB. Whoever names one space names both: naming one takes both from Lambda. */
export interface Heap {
  /** Room for young objects: three times this at most. */
  readonly semiSpace: number;
  /** Room for objects that stay. */
  readonly oldSpace: number;
}

/**
 * Of the query function, which has 1,792 MB.
 *
 * - Young objects: collecting makes a million short-lived ones; with V8's 16 MB many are taken for old ones and moved,
 *   which costs a sixth of the time (docs/performance.md). 3 * 64 = 192 MB at most.
 * - Outside the heap: the documents that were collected, 512 MB at most (COLLECT_MEMORY_BYTES), are external buffers.
 * - Node itself, the encoder, responses of DynamoDB and pages under way: 256 MB.
 * - Old objects: what is left, 832 MB.
 */
export const QUERY_HEAP: Heap = { semiSpace: 64, oldSpace: 832 };

/** As Node takes it. */
export const nodeOptions = ({ semiSpace, oldSpace }: Heap): string[] => [
  `--max-semi-space-size=${semiSpace}`,
  `--max-old-space-size=${oldSpace}`,
];
