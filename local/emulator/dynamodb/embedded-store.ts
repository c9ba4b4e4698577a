import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { HOST } from '../http/http-server.ts';
import { firstMessage, orItsEnd, startChild } from '../process/child-process.ts';

/** How long the store may take to write what it holds before it is killed, milliseconds. */
const STOP_PATIENCE = 2000;

export type Store = Awaited<ReturnType<typeof startStore>>;

export interface StoreStarted {
  readonly port: number;
  /** How much the database lost when it was opened, bytes. */
  readonly lost: number;
}

/**
 * Starts the embedded DynamoDB on a free port.
 *
 * @param folder where it keeps its data; without it, in memory
 * @param onTrouble is told, in words, that it has ended by itself, or has lost something
 * @throws Error if the folder cannot be used, is in use, or is corrupt
 */
export async function startStore(folder?: string, onTrouble: (what: string) => void = () => {}) {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const child = startChild({
    entry: fileURLToPath(new URL('dynalite-server.ts', import.meta.url)),
    arguments: folder === undefined ? [] : [folder],
    environment: { PATH: process.env['PATH'] },
  });
  child.process.stdout?.resume();
  try {
    const { port, lost } = (await orItsEnd(child, firstMessage(child))) as StoreStarted;
    const url = `http://${HOST}:${port}`;
    if (lost > 0) {
      onTrouble(
        `the store's own log in ${folder} is damaged: ${lost} bytes of what was stored last are lost`,
      );
    }
    let closing = false;
    void child.exited.then((how) => {
      if (!closing) onTrouble(`the store has ended, start again: ${why(child.lastWords(), folder)} (${how})`);
    });
    return {
      /** Without a slash at the end. */
      url,
      close(): Promise<void> {
        closing = true;
        return child.stop(STOP_PATIENCE);
      },
    };
  } catch (cause) {
    await child.stop(0);
    throw new Error(`the store did not start: ${why((cause as Error).message, folder)}`, { cause });
  }
}

/** https://github.com/Level/classic-level#errors */
function why(lastWords: string, folder?: string): string {
  if (lastWords.includes('LEVEL_LOCKED')) return `${folder} is in use by another process`;
  if (!lastWords.includes('LEVEL_CORRUPTION')) return lastWords;
  return `${folder} is corrupt: put a copy of it in its place, or move it away to begin with an empty one\n${lastWords}`;
}
