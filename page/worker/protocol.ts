import type { FacetValue } from '../engine/facets.ts';
import type { Direction, Overview } from '../engine/log-engine.ts';
import type { Process } from '../engine/processes.ts';
import type { Obstacle, Range } from '../service/load-range.ts';

/** What the page asks of its worker, and what the worker tells it. */

export interface Service {
  /** The address of `get-security-logs`. */
  readonly windowsUrl: string;
  readonly feedUrl: string;
  readonly key: string;
}

/** A row of the list. Absent values are empty. */
export interface RowView {
  /** The number of the row in the table. */
  readonly row: number;
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly application: string;
  readonly rid: string;
  readonly address: string;
  readonly country: string;
  readonly browser: string;
  /** Where in the process it occurred, or how the user authenticated. */
  readonly note: string;
}

export interface Calls {
  /** Forgets all logs and loads a range. It returns when that is done. */
  load(service: Service, range: Range): Promise<void>;
  /** Stops loading and following. */
  stop(): void;
  setQuery(text: string, direction: Direction): void;
  /** @returns rows of the list from a place on */
  rows(first: number, count: number): RowView[];
  /** @returns the JSON of a log as the API gave it */
  line(row: number): string;
  /** @returns which of the rows of its time a row is, 0 for the first */
  nthOf(row: number): number;
  /** @returns the row of a time, the n-th of those that have it, 0 for the first; -1 if there is none */
  rowOf(time: number, nth: number): number;
  processes(): { readonly total: number; readonly processes: readonly Process[] };
  /** @returns the rows with this value, oldest first */
  story(field: string, value: string): RowView[];
  values(field: string, prefix: string): readonly FacetValue[];
  exportAs(format: 'ndjson' | 'csv'): Blob;
  follow(isOn: boolean): void;
  /** Whether new logs wait until they are let in. */
  hold(isHeld: boolean): void;
}

/** What the worker tells by itself. */
export type News =
  | { readonly kind: 'overview'; readonly overview: Overview; readonly filterMilliseconds: number }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  | { readonly kind: 'tail'; readonly tail: TailState };

export interface Progress {
  readonly rows: number;
  /** Of logs as text, not compressed. */
  readonly bytes: number;
  /** Everything from this time on is loaded. Epoch milliseconds. */
  readonly loadedFrom: number;
  readonly range: Range;
  readonly isDone: boolean;
  /** Whether there is no room for more logs. */
  readonly isFull: boolean;
}

export interface TailState {
  readonly isOn: boolean;
  /** Logs that have come and are not shown yet. */
  readonly waiting: number;
  /** Since when logs may be missing, RFC 3339. */
  readonly gapSince?: string | undefined;
  readonly failure?: Failure | undefined;
}

/** An error as it crosses from the worker. */
export interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfter: number;
  readonly requestId: string | undefined;
}

export interface Call {
  readonly id: number;
  readonly method: keyof Calls;
  readonly parameters: readonly unknown[];
}

export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };
