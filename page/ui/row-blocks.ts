import { logs } from '../state/app-state.ts';
import type { RowView } from '../worker/protocol.ts';

/** How many rows the page asks its worker for at once. */
const BLOCK = 100;
/** How many blocks are kept. */
const MOST_BLOCKS = 40;

interface Block {
  rows: readonly RowView[];
  /** Whether these are the rows of the present list. */
  isFresh: boolean;
  isAsked: boolean;
}

/**
 * The rows of the list that were asked for. Old ones are shown until the new ones are there, so that nothing flickers.
 *
 * @param onRows is called when rows have come
 */
export function rowBlocks(onRows: (_: undefined) => void) {
  const blocks = new Map<number, Block>();
  let generation = 0;

  const ask = async (index: number, block: Block): Promise<void> => {
    block.isAsked = true;
    const asked = generation;
    block.rows = await logs.rows(index * BLOCK, BLOCK);
    block.isAsked = false;
    block.isFresh = asked === generation;
    onRows(undefined);
  };
  return {
    /** @returns the row at a place of the list, undefined until it is there */
    at(place: number, count: number): RowView | undefined {
      const index = Math.floor(place / BLOCK);
      if (place >= count) return undefined;
      let block = blocks.get(index);
      if (block === undefined) {
        block = { rows: [], isFresh: false, isAsked: false };
        blocks.set(index, block);
        const [oldest] = blocks.keys();
        if (blocks.size > MOST_BLOCKS && oldest !== undefined) blocks.delete(oldest);
      }
      if (!block.isFresh && !block.isAsked) void ask(index, block);
      return block.rows[place - index * BLOCK];
    },
    /** The list has changed: its rows are asked for again. */
    forget(): void {
      generation += 1;
      for (const [index, block] of blocks) {
        block.isFresh = false;
        if (block.rows.length === 0 && !block.isAsked) blocks.delete(index);
      }
      onRows(undefined);
    },
  };
}
