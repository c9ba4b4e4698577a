import { lineSplitter } from '../engine/line-splitter.ts';
import { ServiceError } from './ask.ts';

export interface ReadLines {
  /** Is given each line. If it returns false, the rest is not read. */
  onLine(line: string): boolean;
  onBytes(count: number): void;
  readonly signal: AbortSignal;
}

/**
 * Reads an answer of lines to its end.
 *
 * @returns how many lines there were
 * @throws ServiceError with the code `cut` if there are fewer lines than the header `Number-Of-Results` promises
 */
export async function readLines(response: Response, { onLine, onBytes, signal }: ReadLines): Promise<number> {
  const expected = Number(response.headers.get('Number-Of-Results'));
  let count = 0;
  let isWanted = true;
  const splitter = lineSplitter((line) => {
    if (!isWanted) return;
    count += 1;
    isWanted = onLine(line);
  });
  try {
    const reader = response.body?.getReader();
    while (reader !== undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      onBytes(value.length);
      splitter.write(value);
      if (!isWanted) {
        await reader.cancel();
        return count;
      }
    }
    splitter.end();
  } catch (error) {
    signal.throwIfAborted();
    throw cut(count, expected, error);
  }
  if (count !== expected) throw cut(count, expected);
  return count;
}

const cut = (count: number, expected: number, cause?: unknown): ServiceError =>
  new ServiceError(`the answer was cut after ${count} of ${expected} logs (${cause})`, { code: 'cut' });
