import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { firstMessage, orItsEnd, startChild } from '../child-process.ts';
import { HOST } from '../http-server.ts';
import { storeClient } from './tables.ts';

/** How long the store may take to write what it holds before it is killed, milliseconds. */
const STOP_PATIENCE = 2000;

export interface Store {
  /** The address of a DynamoDB-compatible endpoint, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the embedded DynamoDB on a free port.
 *
 * @param folder where it keeps its data; in memory without
 * @param onEnd is told, in words, that it has ended by itself
 * @throws Error if the folder cannot be used, or is in use
 */
export async function startStore(folder?: string, onEnd: (how: string) => void = () => {}): Promise<Store> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  const child = startChild({
    entry: fileURLToPath(new URL('dynalite-server.ts', import.meta.url)),
    arguments: folder === undefined ? [] : [folder],
    environment: { PATH: process.env['PATH'] },
  });
  child.process.stdout?.resume();
  try {
    const port = await orItsEnd(child, firstMessage(child));
    const url = `http://${HOST}:${port}`;
    await orItsEnd(child, answers(url));
    let closing = false;
    void child.exited.then((how) => {
      if (!closing) onEnd(`${child.lastWords()} (${how})`);
    });
    return {
      url,
      close() {
        closing = true;
        return child.stop(STOP_PATIENCE);
      },
    };
  } catch (cause) {
    await child.stop(0);
    const hint = folder === undefined ? '' : `; is ${folder} in use by another?`;
    throw new Error(`the store did not start: ${(cause as Error).message}${hint}`, { cause });
  }
}

/** It opens its folder when it is first asked for something. */
async function answers(url: string): Promise<void> {
  const client = storeClient(url, 'us-east-1');
  try {
    await client.send(new ListTablesCommand({ Limit: 1 }));
  } finally {
    client.destroy();
  }
}
