import type { Application } from '../event/bus-events.ts';
import type { Lifetime } from './lifetimes.ts';

/**
 * What the feed's protocol (docs/feed.md) asks of the table. `shared/store/feed/` implements it with DynamoDB; a test
 * implements it with a scheduler that delays, loses and reorders every request.
 */
export interface FeedTable {
  /** @returns undefined before the first batch */
  readHead(options: ReadOptions): Promise<Head | undefined>;
  /**
   * Adds 1 to the shard's counter, and makes the head if there is none.
   *
   * @param first what a new head begins with
   * @returns the head after it; `numbers.get(shard)` is the slot that is now the caller's
   */
  allocate(shard: number, first: Pick<Head, 'epoch' | 'lifetimes'>): Promise<Head>;
  /** Replaces the history of lifetimes. @returns false if it is not `expected` any more */
  replaceLifetimes(expected: readonly Lifetime[], lifetimes: readonly Lifetime[]): Promise<boolean>;
  /** Notes that every slot of the shard up to `number` (inclusive) is sealed or void, unless more is noted already. */
  noteSettled(shard: number, number: number): Promise<void>;

  /**
   * Puts the first item of a slot, unless there is one.
   *
   * @returns the item that was there already, or undefined
   */
  putContent(name: SlotName, content: Intent | Void, expiresAt: number): Promise<SlotContent | undefined>;
  /** Puts the seal of a slot, unless there is one. */
  putSeal(name: SlotName, seal: Buffer, expiresAt: number): Promise<void>;
  /**
   * Reads slots in the order of their numbers.
   *
   * @param after only slots with a higher number
   * @param limit how many slots to read at most, at least 1; there may be fewer although more follow
   */
  readSlots(shard: number, after: number, limit: number, options: ReadOptions): Promise<SlotBatch>;

  /**
   * Puts logs, each unless its key is taken.
   *
   * @param items with different keys. An item that has expired by their `createdAt` is replaced
   * @returns the outcome of each, in order, each as soon as it is known; none of them rejects
   */
  putLogs(items: readonly LogItem[]): Promise<PutOutcome>[];
}

/**
 * Opens the table for one piece of work.
 *
 * @param signal once it aborts, requests that are still running reject: they may take effect all the same
 */
export type OpenFeedTable = (signal: AbortSignal) => FeedTable;

export interface ReadOptions {
  /** Strongly consistent reads see every write that was confirmed. Others may see an older state. */
  readonly consistent: boolean;
}

/** The one item that numbers the slots. It never expires. */
export interface Head {
  /** Names this table: another one, or one that was restored, has another epoch. */
  readonly epoch: string;
  /** The last allocated number of each shard that has one. */
  readonly numbers: ReadonlyMap<number, number>;
  /** Up to which number the slots of a shard are known to be sealed or void. */
  readonly settled: ReadonlyMap<number, number>;
  readonly lifetimes: readonly Lifetime[];
}

export interface SlotName {
  readonly shard: number;
  /** From 1. */
  readonly number: number;
}

/** What a batch is going to store: written before its logs, so that another process can finish it. */
export interface Intent {
  readonly kind: 'intent';
  /** Tells the writer its own intent, when the answer to its put was lost. */
  readonly nonce: string;
  /** When the batch was stored, epoch milliseconds: the `createdAt` of its logs. */
  readonly at: number;
  /** The logs (intent-codec.ts). */
  readonly logs: Buffer;
}

/** Nothing will ever be in this slot. */
export interface Void {
  readonly kind: 'void';
  readonly at: number;
}

/** An item of a known version that cannot be read. */
export interface Damaged {
  readonly kind: 'damaged';
  readonly at: number | undefined;
}

export type SlotContent = Intent | Void | Damaged;

export interface Slot {
  readonly number: number;
  /** Undefined if only the seal was seen yet. */
  readonly content: SlotContent | undefined;
  /** Which of the intent's logs are in the slot (seal-codec.ts). */
  readonly seal: Buffer | undefined;
  /** When the content may be deleted, epoch milliseconds. */
  readonly expiresAt: number | undefined;
}

export interface SlotBatch {
  readonly slots: readonly Slot[];
  /** Whether there was no further slot. */
  readonly isEnd: boolean;
}

/** The item of a log. */
export interface LogItem {
  readonly application: Application;
  /** `@timestamp` in epoch milliseconds. */
  readonly timestamp: number;
  /** `event.id`. */
  readonly id: string;
  readonly document: Buffer;
  readonly action: string;
  readonly rid: string | undefined;
  /** The AWS account that published the event, if it is another one than that of the service. */
  readonly publisherAccount?: string | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The slot in which the feed shows the log. It never changes. */
  readonly slot: string;
}

export type PutOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'found'; readonly item: FoundItem }
  /** The log may be in the table, or come into it yet. */
  | { readonly kind: 'unknown'; readonly error: unknown };

/** The item that was there before. A log of before the feed has no slot. */
export type FoundItem = Pick<LogItem, 'document' | 'createdAt' | 'expiresAt'> & {
  readonly slot: string | undefined;
};

/** A slot's name as a log's item has it. */
export const slotText = ({ shard, number }: SlotName): string => `${shard}.${number}`;
