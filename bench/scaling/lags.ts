/** How long events took, in steps of a tenth of a second. */
export class Lags {
  readonly #counts: number[] = [];
  #total = 0;

  add(seconds: number, count: number): void {
    const step = Math.max(0, Math.ceil(seconds * 10));
    this.#counts[step] = (this.#counts[step] ?? 0) + count;
    this.#total += count;
  }

  /** The lag that this share of the events did not exceed, in seconds. */
  quantile(share: number): number {
    let below = 0;
    for (let step = 0; step < this.#counts.length; step++) {
      below += this.#counts[step] ?? 0;
      if (below >= share * this.#total) return step / 10;
    }
    return 0;
  }
}
