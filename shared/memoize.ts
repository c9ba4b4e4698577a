export interface RememberedOptions {
  /** How many texts are remembered; one more, and the first of them is forgotten. */
  readonly texts: number;
  /** Texts longer than this, in UTF-16 code units, are never remembered. */
  readonly characters: number;
}

/**
 * @param compute depends on the text alone; the same result is given to all who ask, so nobody may change it
 * @returns `compute`, which does not compute again what it remembers
 */
export function remembered<Result>(
  { texts, characters }: RememberedOptions,
  compute: (text: string) => Readonly<Result>,
): (text: string) => Readonly<Result> {
  const results = new Map<string, Readonly<Result>>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (text.length > characters) return result;
    if (results.size >= texts) results.delete(results.keys().next().value as string);
    results.set(text, result);
    return result;
  };
}
