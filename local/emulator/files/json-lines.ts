import { constants, copyFile, open, rename, writeFile } from 'node:fs/promises';
import type { Log } from '../log.ts';

/**
 * Reads a file of JSON lines. A half line at its end is left out: the process ended while it wrote the line, and never
 * acknowledged it. Any other unreadable line is damage: the file is copied beside itself, a warning is logged, and the
 * readable lines are used.
 *
 * @param parse takes a line's value, and throws if it has the wrong shape
 * @param take is given each line, in order; a missing file has none
 */
export async function readJsonLines<T>(
  file: string,
  parse: (value: unknown) => T,
  take: (line: T) => void,
  log: Log,
): Promise<void> {
  const damaged: number[] = [];
  let number = 0;
  for await (const { text, whole } of linesOf(file)) {
    number += 1;
    try {
      take(parse(JSON.parse(text)));
    } catch {
      if (whole) damaged.push(number);
      else log.detail(`${file}: line ${number}, the last, is half and left out, as after a crash`);
    }
  }
  const [first, ...more] = damaged;
  if (first === undefined) return;
  const aside = `${file}.damaged-${new Date().toISOString().replace(/[-:]/g, '')}`;
  await copyFile(file, aside, constants.COPYFILE_EXCL);
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  log.warn(`${file}: line ${first} is damaged${others} and left out; the file as it was is ${aside}`);
}

/** Replaces a file of JSON lines. After a crash it has either the old lines or the new ones. */
export async function replaceJsonLines(file: string, lines: Iterable<unknown>): Promise<void> {
  await writeFile(`${file}.new`, jsonLines(lines));
  await rename(`${file}.new`, file);
}

export const jsonLines = (lines: Iterable<unknown>): string =>
  Array.from(lines, (line) => `${JSON.stringify(line)}\n`).join('');

const NEWLINE = 0x0a;

/** Splits at newlines only. Node's own line reader also splits at U+2028, which strings of JSON may hold. */
async function* linesOf(file: string): AsyncGenerator<{ text: string; whole: boolean }> {
  let rest: Buffer[] = [];
  for await (const chunk of await chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield { text: Buffer.concat([...rest, chunk.subarray(start, end)]).toString(), whole: true };
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield { text: Buffer.concat(rest).toString(), whole: false };
}

async function chunksOf(file: string): Promise<AsyncIterable<Buffer>> {
  try {
    return (await open(file)).createReadStream();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return (async function* () {})();
  }
}
