import { entryBytes, MAX_BATCH_BYTES, MAX_ENTRIES } from '../../shared/event/bus-limits.ts';
import type { BusEntry } from './bus-entry.ts';

/**
 * Fills batches for `PutEvents`, in order: a batch is closed when the next entry has no place in it.
 *
 * @param items of which none is larger than a batch
 */
export function* fillBatches<Item extends { readonly entry: BusEntry }>(
  items: Iterable<Item>,
): Generator<Item[], void, void> {
  let batch: Item[] = [];
  let room = MAX_BATCH_BYTES;
  for (const item of items) {
    const bytes = entryBytes(item.entry);
    if (bytes > room || batch.length === MAX_ENTRIES) {
      yield batch;
      batch = [];
      room = MAX_BATCH_BYTES;
    }
    batch.push(item);
    room -= bytes;
  }
  if (batch.length > 0) yield batch;
}
