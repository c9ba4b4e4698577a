/** How many values a piece of text has. */
const PIECE = 4096;

interface Piece {
  /** The values in lower case, with a line feed after each. */
  readonly text: string;
  /** Where each value begins in the text, and where the last one ends. */
  readonly starts: Uint32Array;
}

/**
 * The values of a dictionary as a few long texts in lower case: looking for a text in them takes a fraction of the time
 * of looking into each value by itself.
 */
export class SearchableText {
  readonly #values: readonly string[];
  readonly #pieces: Piece[] = [];

  constructor(values: readonly string[]) {
    this.#values = values;
  }

  /** Prepares for all whole pieces: the next search is faster by this. */
  prepare(): void {
    while ((this.#pieces.length + 1) * PIECE <= this.#values.length)
      this.#pieces.push(pieceOf(this.#values, this.#pieces.length * PIECE, PIECE));
  }

  /**
   * Finds the values that have a text, from a value on.
   *
   * @param text in lower case, without a line feed
   * @param onHit is given the number of each
   */
  search(text: string, from: number, onHit: (number: number) => void): void {
    this.prepare();
    let first = from;
    while (first < this.#values.length) {
      const index = Math.floor(first / PIECE);
      const offset = first - index * PIECE;
      const piece = this.#pieces[index] ?? pieceOf(this.#values, index * PIECE, PIECE);
      searchPiece(piece, text, offset, (hit) => onHit(index * PIECE + hit));
      first = (index + 1) * PIECE;
    }
  }
}

function pieceOf(values: readonly string[], first: number, count: number): Piece {
  const lower = values.slice(first, first + count).map((value) => value.toLowerCase());
  const starts = new Uint32Array(lower.length + 1);
  lower.forEach((value, i) => {
    starts[i + 1] = (starts[i] as number) + value.length + 1;
  });
  return { text: `${lower.join('\n')}\n`, starts };
}

function searchPiece(
  { text, starts }: Piece,
  wanted: string,
  first: number,
  onHit: (value: number) => void,
): void {
  const count = starts.length - 1;
  let value = first;
  while (value < count) {
    const found = text.indexOf(wanted, starts[value]);
    if (found < 0) return;
    value = valueAt(starts, value, found);
    if (value >= count) return;
    onHit(value);
    value += 1;
  }
}

/** @returns the last value that begins at or before a position, looking from a value on */
function valueAt(starts: Uint32Array, from: number, position: number): number {
  let step = 1;
  while (from + step < starts.length && (starts[from + step] as number) <= position) step *= 2;
  let low = from + (step >> 1);
  let high = Math.min(from + step, starts.length - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
