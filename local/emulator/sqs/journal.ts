import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { readJsonLines, replaceJsonLines } from '../files/json-lines.ts';
import { type OpenForAppending, openLineAppender } from '../files/line-appender.ts';
import type { Log } from '../log.ts';
import { attributesSchema, type Message } from './message.ts';

/**
 * Keeps a queue's messages in a file that only grows: one line for each message sent or deleted. Opening the queue
 * rewrites the file with the remaining messages. Receive counts are not kept: after a restart they begin at zero.
 */
export interface Journal {
  /**
   * Returns when the operating system has the messages: they survive the end of this process, however it ends.
   *
   * @throws Error of the operating system: none of the messages is kept
   */
  sent(messages: readonly Message[]): Promise<void>;
  /** A deletion that cannot be written is written with the next one; until then a restart brings the message back. */
  deleted(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The journal of an empty queue is cleared when it is larger, bytes. */
const ROOM = 16 * 1024 * 1024;

const lineSchema = z.union([
  z.object({
    sent: z.looseObject({
      id: z.string(),
      body: z.string(),
      attributes: attributesSchema,
      sentAt: z.number(),
      deadLetterSource: z.optional(z.string()),
    }),
  }),
  z.object({ deleted: z.string() }),
]);

export interface JournalOptions {
  /** Is told of damage. */
  readonly log: Log;
  readonly openFile?: OpenForAppending;
}

/**
 * Opens a journal, and creates it if there is none.
 *
 * @returns it, and the messages it has, in the order of sending
 */
export async function openJournal(
  file: string,
  { log, openFile }: JournalOptions,
): Promise<{ journal: Journal; kept: Message[] }> {
  await mkdir(dirname(file), { recursive: true });
  const messages = new Map<string, Message>();
  await readJsonLines(
    file,
    (value) => lineSchema.parse(value),
    (line) => {
      if ('sent' in line) messages.set(line.sent.id, line.sent);
      else messages.delete(line.deleted);
    },
    log,
  );
  const kept = [...messages.values()];
  await replaceJsonLines(file, linesOf('sent', kept));

  const lines = await openLineAppender(file, openFile);
  let live = kept.length;
  /** Ids whose deletion could not be noted. */
  let owed: readonly string[] = [];

  const noteDeleted = async (ids: readonly string[]): Promise<void> => {
    const all = [...owed, ...ids];
    owed = [];
    try {
      await lines.append(linesOf('deleted', all));
    } catch {
      owed = [...all, ...owed];
    }
  };

  const journal: Journal = {
    async sent(messages) {
      live += messages.length;
      try {
        await lines.append(linesOf('sent', messages));
      } catch (error) {
        live -= messages.length;
        throw error;
      }
    },
    async deleted(ids) {
      live -= ids.length;
      await noteDeleted(ids);
      if (live === 0 && lines.size() > ROOM) await lines.clear().catch(() => {});
    },
    async close() {
      await noteDeleted([]);
      await lines.close();
    },
  };
  return { journal, kept };
}

const linesOf = (kind: 'sent' | 'deleted', items: readonly unknown[]): object[] =>
  items.map((item) => ({ [kind]: item }));
