/**
 * Merges sorted lists into one sorted sequence, with a binary heap of the lists' next items. If items are equal, those of
 * the earlier list come first.
 *
 * @param lists each sorted by `compare`
 * @param compare negative, zero or positive, as `Array.prototype.sort` takes it
 */
export function* mergeSorted<T>(
  lists: Iterable<Iterable<T>>,
  compare: (a: T, b: T) => number,
): Generator<T, void, undefined> {
  interface Entry {
    head: T;
    readonly rest: Iterator<T>;
    readonly place: number;
  }
  const before = (a: Entry, b: Entry): number => compare(a.head, b.head) || a.place - b.place;
  const heap: Entry[] = [];
  for (const list of lists) {
    const rest = list[Symbol.iterator]();
    const first = rest.next();
    if (!first.done) heap.push({ head: first.value, rest, place: heap.length });
  }
  heap.sort(before);

  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top.head;
    const next = top.rest.next();
    if (!next.done) {
      top.head = next.value;
    } else {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
    }
    sink(heap, before);
  }
}

/** Moves the first item down until the heap is in order again. */
function sink<T>(heap: T[], compare: (a: T, b: T) => number): void {
  let hole = 0;
  const item = heap[0] as T;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && compare(heap[child + 1] as T, heap[child] as T) < 0) child += 1;
    if (compare(item, heap[child] as T) <= 0) break;
    heap[hole] = heap[child] as T;
    hole = child;
  }
  heap[hole] = item;
}
