/** Time is divided into slices; a slice of a partition takes so many write units, and no more. */
export const SLICES_A_SECOND = 10;

/**
 * The write units of something with a limit, by the slice. Writers that wait are served in the first slices that have
 * room: retries with a backoff come close to it.
 */
export class WriteCapacity {
  readonly #most: number;
  readonly #used: Float64Array;
  /** For a full slice, a later one that may have room. */
  readonly #next: Int32Array;

  /**
   * @param unitsASecond the limit
   * @param seconds how long the simulation lasts, with everything that is reserved
   */
  constructor(unitsASecond: number, seconds: number) {
    this.#most = unitsASecond / SLICES_A_SECOND;
    const slices = Math.ceil(seconds * SLICES_A_SECOND) + 1;
    this.#used = new Float64Array(slices);
    this.#next = Int32Array.from({ length: slices }, (_, slice) => slice + 1);
  }

  /** The first slice from this one on that has room; the number of slices if there is none. */
  firstFree(slice: number): number {
    let free = slice;
    while (free < this.#used.length && this.room(free) <= 0) free = this.#next[free] as number;
    for (let at = slice; at < free; ) {
      const following = this.#next[at] as number;
      this.#next[at] = free;
      at = following;
    }
    return free;
  }

  room = (slice: number): number => this.#most - (this.#used[slice] ?? Number.POSITIVE_INFINITY);

  take(slice: number, units: number): void {
    this.#used[slice] = (this.#used[slice] ?? 0) + units;
  }

  /** The share of the limit that is used in these slices. */
  share(from: number, until: number): number {
    let used = 0;
    for (let slice = Math.max(0, from); slice < until; slice++) used += this.#used[slice] ?? 0;
    return used / ((until - Math.max(0, from)) * this.#most);
  }
}

/**
 * Writes units under two limits, from a slice on.
 *
 * @param until the last slice, exclusive
 * @returns how many units were written, and in which slice the last of them was
 */
export function write(
  capacities: readonly [WriteCapacity, WriteCapacity],
  units: number,
  from: number,
  until: number,
): { readonly written: number; readonly slice: number } {
  const [one, other] = capacities;
  let written = 0;
  let last = from;
  for (let slice = from; written < units; ) {
    slice = one.firstFree(slice);
    const free = other.firstFree(slice);
    if (Math.max(slice, free) >= until) break;
    if (free > slice) {
      slice = free;
      continue;
    }
    const taken = Math.min(units - written, one.room(slice), other.room(slice));
    one.take(slice, taken);
    other.take(slice, taken);
    written += taken;
    last = slice;
  }
  return { written, slice: last };
}
