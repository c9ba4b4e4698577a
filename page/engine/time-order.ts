/**
 * The rows of a table in the order of their time, newest first. Rows of the same time are in the order of their arrival:
 * so they come from the API, which is asked for the newest first.
 */
export class TimeOrder {
  #rows = new Uint32Array(1024);
  #length = 0;

  /** The rows, newest first. It may be longer than `length`. */
  get rows(): Uint32Array {
    return this.#rows;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Takes up the rows of the table that are not in the order yet.
   *
   * @param times by row
   * @param length the number of rows of the table
   */
  extend(times: Float64Array, length: number): void {
    const first = this.#length;
    if (length <= first) return;
    this.#reserve(length);
    const rows = this.#rows;
    let isSorted = true;
    let last = first === 0 ? Infinity : (times[rows[first - 1] as number] as number);
    for (let row = first; row < length; row++) {
      rows[row] = row;
      const time = times[row] as number;
      if (time > last) isSorted = false;
      last = time;
    }
    this.#length = length;
    if (isSorted) return;
    const added = rows
      .slice(first, length)
      .sort((a, b) => (times[b] as number) - (times[a] as number) || a - b);
    this.#merge(added, first, times);
  }

  /** Removes the rows from this one on, which must be the last to have come. */
  truncate(length: number): void {
    if (length >= this.#length) return;
    let kept = 0;
    for (let i = 0; i < this.#length; i++) {
      const row = this.#rows[i] as number;
      if (row < length) this.#rows[kept++] = row;
    }
    this.#length = kept;
  }

  /** Merges from the end: a tail of new logs moves few of the others. */
  #merge(added: Uint32Array, first: number, times: Float64Array): void {
    const rows = this.#rows;
    let old = first - 1;
    let fresh = added.length - 1;
    for (let at = first + added.length - 1; fresh >= 0; at--) {
      const oldRow = old < 0 ? -1 : (rows[old] as number);
      const freshRow = added[fresh] as number;
      // What came later stands after what has the same time.
      if (old >= 0 && (times[oldRow] as number) < (times[freshRow] as number)) {
        rows[at] = oldRow;
        old -= 1;
      } else {
        rows[at] = freshRow;
        fresh -= 1;
      }
    }
  }

  #reserve(length: number): void {
    if (length <= this.#rows.length) return;
    const longer = new Uint32Array(Math.max(length, this.#rows.length * 2));
    longer.set(this.#rows.subarray(0, this.#length));
    this.#rows = longer;
  }
}
