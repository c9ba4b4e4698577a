/** First in, first out, each in constant time however long it is. */
export interface Fifo<T> {
  push(item: T): void;
  shift(): T | undefined;
  size(): number;
  /** Empties it. */
  clear(): T[];
}

/** How many taken items are left in front before the rest moves up. */
const SLACK = 1024;

export function fifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let first = 0;
  return {
    push(item) {
      items.push(item);
    },
    shift() {
      if (first === items.length) return undefined;
      const item = items[first];
      items[first] = undefined;
      first += 1;
      if (first > SLACK && 2 * first > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    size: () => items.length - first,
    clear() {
      const left = items.slice(first) as T[];
      items = [];
      first = 0;
      return left;
    },
  };
}
