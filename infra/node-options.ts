/** The limits of V8's heap, in MB. Both are set together: if one is set, Lambda no longer sizes the other. */
export interface Heap {
  /** One semi-space. The young generation takes at most three times this. */
  readonly semiSpace: number;
  /** The old generation: objects that live long. */
  readonly oldSpace: number;
}

/**
 * The heap of the query function, which has 1,792 MB of memory or more.
 *
 * - Young generation: 3 * 64 = 192 MB at most. Collecting makes many short-lived objects. With V8's default of 16 MB,
 *   V8 moves many of them to the old generation, which costs a sixth of the time
 *   (docs/performance.md#choosing-memory-and-shards).
 * - Outside the heap: the collected documents, which are external buffers, 512 MB at most (COLLECT_MEMORY_BYTES).
 * - Node itself, the encoder, responses of DynamoDB, and chunks of the answer: 256 MB.
 * - Old generation: the rest, 832 MB of 1,792.
 *
 * @param memory of the function, MB
 */
export const queryHeap = (memory: number): Heap => ({ semiSpace: 64, oldSpace: memory - 192 - 512 - 256 });

/** The heap of the query function with its default memory. */
export const QUERY_HEAP = queryHeap(1792);

/** The heap's limits as options of Node. */
export const nodeOptions = ({ semiSpace, oldSpace }: Heap): string[] => [
  `--max-semi-space-size=${semiSpace}`,
  `--max-old-space-size=${oldSpace}`,
];
