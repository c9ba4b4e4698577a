export interface MemoizeOptions {
  /** How many results are kept, at least 1; one more, and the oldest is dropped. */
  readonly entries: number;
  /** The results of texts longer than this, in UTF-16 code units, are never kept. */
  readonly characters: number;
}

/**
 * Keeps the results of a function of a text.
 *
 * @param compute depends on the text alone; all callers get the same result, so nobody may change it
 * @returns `compute`, which does not compute again while it has the result of a text
 */
export function memoize<Result>(
  { entries, characters }: MemoizeOptions,
  compute: (text: string) => Readonly<Result>,
): (text: string) => Readonly<Result> {
  const results = new Map<string, Readonly<Result>>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (text.length > characters) return result;
    if (results.size >= entries) results.delete(results.keys().next().value as string);
    results.set(text, result);
    return result;
  };
}
