import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NoAnswer } from '../../../shared/api-client/answers.ts';
import { type Answer, ask, reasonOf } from '../../../shared/api-client/ask.ts';
import { type LogLines, logLines } from '../../../shared/api-client/log-lines.ts';
import type { Window, WindowLogs } from './read-windows.ts';

/** Either is written as lines. */
const ACCEPT = 'application/x-ndjson, application/json;q=0.9';

/**
 * Asks for a window, and keeps the answer in a temporary file, as it was sent, until its logs are read. Only a whole
 * answer is given: the transfer ended properly, and the logs are as many as the header says.
 *
 * @throws NoAnswer if it was cut, and what `ask` throws
 */
export async function spooledWindow(url: URL, key: string, { start, end }: Window): Promise<WindowLogs> {
  const address = new URL(url);
  address.searchParams.set('start_time', start);
  address.searchParams.set('end_time', end);
  const answer = await ask(address, key, ACCEPT);
  const folder = await mkdtemp(join(tmpdir(), 'security-logs-get-'));
  const file = join(folder, 'answer');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(answer.body, createWriteStream(file)).catch(cut);
    const logs = await countLogs(answer, file);
    return { logs, lines: linesOf(answer, file, remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

const cut = (cause: Error): never => {
  throw new NoAnswer(`the answer was cut: ${reasonOf(cause)}`, { cause });
};

const splitter = ({ headers }: Answer): LogLines => logLines(headers['content-type'] ?? '');

/** @throws NoAnswer if the answer is not whole */
async function countLogs(answer: Answer, file: string): Promise<number> {
  const lines = splitter(answer);
  const decoded = decodedFile(answer, file);
  try {
    for await (const chunk of decoded) lines.push(chunk);
  } catch (error) {
    cut(error as Error);
  }
  const expected = Number(answer.headers['number-of-results'] ?? Number.NaN);
  if (lines.isWhole && lines.count === expected) return lines.count;
  throw new NoAnswer(`the answer has ${lines.count} of ${expected} logs`);
}

async function* linesOf(answer: Answer, file: string, remove: () => Promise<void>) {
  const lines = splitter(answer);
  try {
    for await (const chunk of decodedFile(answer, file)) {
      const written = lines.push(chunk);
      if (written.length > 0) yield written;
    }
  } finally {
    await remove();
  }
}

function decodedFile(answer: Answer, file: string): Readable {
  const read = createReadStream(file, { highWaterMark: 256 * 1024 });
  const decoder: Transform | undefined = answer.decoder();
  if (decoder === undefined) return read;
  read.on('error', (error) => decoder.destroy(error));
  return read.pipe(decoder);
}
