import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Message } from './message.ts';

/**
 * Keeps a queue's messages in a file to which lines are only ever added: what was sent, what was deleted. When the
 * queue is opened, what is left is written anew. How often a message was received is not kept: after a restart
 * its patience begins again.
 */
export interface Journal {
  /** Returns when the operating system has the messages: they survive the end of this process, however it ends. */
  sent(messages: readonly Message[]): Promise<void>;
  deleted(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** An empty queue's journal starts anew when it is larger, bytes. */
const ROOM = 16 * 1024 * 1024;

type Line = { readonly sent: Message } | { readonly deleted: string };

/**
 * Opens a journal, and creates it if there is none.
 *
 * @returns it, and the messages it has, in the order of sending
 */
export async function openJournal(file: string): Promise<{ journal: Journal; kept: Message[] }> {
  await mkdir(dirname(file), { recursive: true });
  const messages = await readJournal(file);
  const rewritten = `${file}.new`;
  await writeFile(rewritten, [...messages.values()].map((sent) => lineOf({ sent })).join(''));
  await rename(rewritten, file);

  const handle = await open(file, 'a');
  let size = (await handle.stat()).size;
  let live = messages.size;
  let pending = '';
  let writing: Promise<void> = Promise.resolve();

  const flush = async (): Promise<void> => {
    if (pending === '') return;
    const lines = pending;
    pending = '';
    await handle.appendFile(lines);
    size += Buffer.byteLength(lines);
    if (live === 0 && size > ROOM && pending === '') {
      await handle.truncate(0);
      size = 0;
    }
  };
  /** Lines that come while others are being written are written together. */
  const append = (lines: string): Promise<void> => {
    pending += lines;
    writing = writing.then(flush);
    return writing;
  };

  const journal: Journal = {
    sent(messages) {
      live += messages.length;
      return append(messages.map((sent) => lineOf({ sent })).join(''));
    },
    async deleted(ids) {
      live -= ids.length;
      // What cannot be noted comes once more after a restart, as SQS may deliver anything twice.
      await append(ids.map((deleted) => lineOf({ deleted })).join('')).catch(() => {});
    },
    async close() {
      await writing.finally(() => handle.close());
    },
  };
  return { journal, kept: [...messages.values()] };
}

const lineOf = (line: Line): string => `${JSON.stringify(line)}\n`;

async function readJournal(file: string): Promise<Map<string, Message>> {
  const messages = new Map<string, Message>();
  const handle = await open(file, 'a+');
  for await (const line of handle.readLines()) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    if ('sent' in entry) messages.set(entry.sent.id, entry.sent);
    else messages.delete(entry.deleted);
  }
  return messages;
}

/** @returns nothing for the last line of a process that ended while it wrote */
function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
