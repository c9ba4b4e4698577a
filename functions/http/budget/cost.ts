import type { ContentEncoding } from '../negotiate-encoding.ts';

/** What one byte of a body costs until it is sent, before it is compressed and with its logs as they are stored. */
export interface Cost {
  /**
   * How the cost is known:
   * - `exact`: it is certain, because the body is sent uncompressed;
   * - `most`: no body costs more;
   * - `estimated`: from a sample, so that a part of the budget has to stay free for its error;
   * - `least`: no body costs less. This is all that is known while logs are collected.
   */
  readonly kind: 'exact' | 'most' | 'estimated' | 'least';
  /** Bytes that are sent. */
  readonly sentBytes: number;
  /** Milliseconds of work. */
  readonly workMs: number;
  /**
   * What one log costs, where the length of its stored JSON does not tell: a format may add as much to a short log as to a
   * long one. The larger of both sums counts.
   */
  readonly perLog?: { readonly sentBytes: number; readonly workMs: number };
}

/** An uncompressed body: writing it is far faster than sending it. */
export const UNCOMPRESSED: Cost = { kind: 'exact', sentBytes: 1, workMs: 0 };

/** No log was ever seen to compress better than to one fiftieth. */
const LEAST_COMPRESSED: Cost = { kind: 'least', sentBytes: 1 / 50, workMs: 0 };

/**
 * What a body costs at the least, whatever its logs are: no format writes a log shorter than it is stored. (ECS may, where a
 * producer wrote hundreds of characters as `ecs.version`. A window of such logs is divided sooner than it has to be.)
 */
export const leastCost = (encoding: ContentEncoding): Cost =>
  encoding === 'identity' ? UNCOMPRESSED : LEAST_COMPRESSED;
