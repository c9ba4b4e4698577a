/** Events that wait, in the order in which they came, as groups of the same arrival. */
export class WaitingEvents {
  #groups: Group[] = [];
  #first = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(group: Group): void {
    if (group.count <= 0) return;
    this.#groups.push(group);
    this.#count += group.count;
  }

  /** Takes the first events, at most so many. */
  take(most: number): Group[] {
    const taken: Group[] = [];
    for (let rest = Math.min(most, this.#count); rest > 0; ) {
      const group = this.#groups[this.#first] as Group;
      const count = Math.min(rest, group.count);
      taken.push({ arrivedAt: group.arrivedAt, count });
      rest -= count;
      this.#count -= count;
      if (count === group.count) this.#first++;
      else this.#groups[this.#first] = { arrivedAt: group.arrivedAt, count: group.count - count };
    }
    if (this.#first > 10_000) {
      this.#groups = this.#groups.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }
}

export interface Group {
  /** When they were published, in seconds. */
  readonly arrivedAt: number;
  readonly count: number;
}
