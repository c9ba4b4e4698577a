import type { Started } from '../local/emulator/process/close-in-reverse.ts';
import { formatCount, type Row } from './table.ts';

/** What a part of the benchmark is, and what it can use. */

export interface Result {
  readonly rows: readonly Row[];
  /** What a reader of the numbers must know. */
  readonly notes: readonly string[];
}

export interface Context {
  /** A size of the default run, scaled. */
  size(count: number): number;
  readonly scale: number;
  progress(line: string): void;
  /** The address of a canned endpoint that keeps the logs as the service does; shared by all parts. */
  cannedService(): Promise<string>;
  /** What the part starts: closed when it is done, or when the benchmark is told to end. */
  readonly started: Started;
}

export interface Measurement {
  readonly name: string;
  readonly title: string;
  run(context: Context): Promise<Result>;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}

/** Measures several times, one after the other. */
export async function repeat<T>(times: number, measure: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let i = 0; i < times; i++) results.push(await measure());
  return results;
}

/** `5.2 x`, how often one goes into the other. */
export const ratio = (of: number, to: number): string => `${formatCount(of / to)} x`;
