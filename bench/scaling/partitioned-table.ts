import type { Random } from '../../tools/synthetic-logs/random.ts';
import { GROWTH, PARTITION_WRITES, SPLIT } from './quotas.ts';
import { SLICES_A_SECOND, WriteCapacity, write } from './write-capacity.ts';

/** A partition key that is written to, and where its hash is: from 0 (inclusive) to 1 (exclusive). */
interface Key {
  readonly position: number;
  partition: Partition;
  /** Units since the last look. */
  heat: number;
}

interface Partition {
  readonly from: number;
  readonly until: number;
  readonly capacity: WriteCapacity;
  /** After how many seconds of heat it is split. */
  readonly patience: number;
  hotSince: number | undefined;
}

export interface TableOptions {
  readonly random: Random;
  /** Write units a second of the whole table. A partition for each 1,000. */
  readonly warmWrites: number;
  /** The quota of the table, write units a second. */
  readonly mostWrites: number;
  /** How many partition keys are written to. */
  readonly keys: number;
  /** How long it is used. */
  readonly seconds: number;
}

/**
 * A table of DynamoDB as its writers see it: keys lie anywhere among partitions, and a hot partition is split between its
 * keys. A partition with one key is not split: the sort keys are times and numbers, which only grow, so that all writes
 * would go into one of its halves.
 */
export class PartitionedTable {
  readonly #options: TableOptions;
  readonly #keys: Key[];
  readonly #whole: WriteCapacity;
  #partitions: Partition[];
  /** Since when twice the use has been more than the partitions take, seconds. */
  #smallSince: number | undefined;

  constructor(options: TableOptions) {
    this.#options = options;
    this.#whole = new WriteCapacity(options.mostWrites, options.seconds);
    const count = Math.ceil(options.warmWrites / PARTITION_WRITES);
    this.#partitions = Array.from({ length: count }, (_, i) => this.#partition(i / count, (i + 1) / count));
    this.#keys = Array.from({ length: options.keys }, () => {
      const position = options.random.next();
      return { position, partition: this.#holding(position), heat: 0 };
    });
  }

  /** How many partitions there are. */
  get size(): number {
    return this.#partitions.length;
  }

  /** Writes units to a key, as soon as its partition and the table have room, from the second `at` until `deadline`. */
  write(key: number, units: number, at: number, deadline: number): { written: number; at: number } {
    const target = this.#keys[key] as Key;
    target.heat += units;
    const { written, slice } = write(
      [target.partition.capacity, this.#whole],
      units,
      Math.floor(at * SLICES_A_SECOND),
      Math.floor(deadline * SLICES_A_SECOND),
    );
    return { written, at: Math.max(at, slice / SLICES_A_SECOND) };
  }

  /** Splits what has been hot for long enough, and doubles a table that has been too small. To be called each minute. */
  adapt(at: number): void {
    const now = Math.floor(at * SLICES_A_SECOND);
    this.#grow(at, this.#whole.share(now - 60 * SLICES_A_SECOND, now) * this.#options.mostWrites);
    for (const partition of [...this.#partitions]) {
      const isHot = partition.capacity.share(now - 60 * SLICES_A_SECOND, now) >= SPLIT.share;
      partition.hotSince = isHot ? (partition.hotSince ?? at) : undefined;
      if (partition.hotSince !== undefined && at - partition.hotSince >= partition.patience)
        this.#split(partition);
    }
    for (const key of this.#keys) key.heat = 0;
  }

  #grow(at: number, use: number): void {
    const isSmall = use * GROWTH.factor > this.size * PARTITION_WRITES;
    this.#smallSince = isSmall ? (this.#smallSince ?? at) : undefined;
    if (this.#smallSince === undefined || at - this.#smallSince < GROWTH.seconds) return;
    for (const partition of this.#partitions) this.#divide(partition, (partition.from + partition.until) / 2);
    this.#smallSince = undefined;
  }

  #split(hot: Partition): void {
    const keys = this.#keys
      .filter(({ partition, heat }) => partition === hot && heat > 0)
      .sort((a, b) => a.position - b.position);
    if (keys.length < 2) return;
    const total = keys.reduce((sum, { heat }) => sum + heat, 0);
    let below = 0;
    let boundary = 1;
    for (const [i, { heat }] of keys.slice(0, -1).entries()) {
      below += heat;
      boundary = i + 1;
      if (below >= total / 2) break;
    }
    this.#divide(hot, keys[boundary]?.position ?? hot.until);
  }

  #divide(divided: Partition, at: number): void {
    this.#partitions = [
      ...this.#partitions.filter((partition) => partition !== divided),
      this.#partition(divided.from, at),
      this.#partition(at, divided.until),
    ];
    for (const key of this.#keys) if (key.partition === divided) key.partition = this.#holding(key.position);
  }

  #partition(from: number, until: number): Partition {
    const { random, seconds } = this.#options;
    return {
      from,
      until,
      capacity: new WriteCapacity(PARTITION_WRITES, seconds),
      patience: SPLIT.least + random.next() * (SPLIT.most - SPLIT.least),
      hotSince: undefined,
    };
  }

  #holding(position: number): Partition {
    const found = this.#partitions.find(({ from, until }) => from <= position && position < until);
    if (found === undefined) throw new Error(`no partition holds ${position}`);
    return found;
  }
}
