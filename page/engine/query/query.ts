/** What a text of the query language means (docs/page.md#the-query-language). */

/** Which values match. Upper and lower case are the same. */
export type Pattern =
  /** Any value that is there. */
  | { readonly kind: 'any' }
  /** This value, in lower case. */
  | { readonly kind: 'exact'; readonly value: string }
  /** Values that consist of these parts, in lower case, with anything between them. */
  | { readonly kind: 'parts'; readonly parts: readonly string[] };

interface Placed {
  readonly isExcluded: boolean;
  /** Where the term stands in the text. */
  readonly start: number;
  readonly end: number;
}

export interface FieldTerm extends Placed {
  readonly kind: 'field';
  /** The whole name of the field, or `outcome`. */
  readonly field: string;
  readonly pattern: Pattern;
}

export interface TextTerm extends Placed {
  readonly kind: 'text';
  /** The parts of a text that any field has, in lower case, with anything between them. */
  readonly parts: readonly string[];
}

export interface TimeTerm extends Placed {
  readonly kind: 'time';
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly until: number;
}

export type Term = FieldTerm | TextTerm | TimeTerm;

/** A term that cannot be understood, with a sentence for whoever wrote it. */
export interface Mistake {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

export interface Query {
  readonly terms: readonly Term[];
  readonly mistakes: readonly Mistake[];
}
