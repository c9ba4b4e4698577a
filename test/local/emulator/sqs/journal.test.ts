import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../../../local/emulator/sqs/journal.ts';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import { disk } from '../../fixtures/disk.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  file = join(folder, 'q.sqlite');
});
afterEach(() => rm(folder, { recursive: true }));

const bodies = (messages: readonly { body: string }[]): string[] => messages.map(({ body }) => body);

/** The messages that a journal holds when it is opened again. */
const reopened = async (): Promise<string[]> => {
  const { journal, kept } = await openJournal(file);
  await journal.close();
  return bodies(kept);
};

describe('a journal', () => {
  test('whose write fails refuses what was sent, keeps nothing of it, and heals when there is space again', async () => {
    const some = disk();
    const { journal } = await openJournal(file, some.open);
    await journal.sent([newMessage('before')]);
    some.full = true;
    const refused = await Promise.allSettled([
      journal.sent([newMessage('refused 1')]),
      journal.sent([newMessage('refused 2')]),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(journal.sent([newMessage('refused 3')])).rejects.toThrow('ENOSPC');
    some.full = false;
    await journal.sent([newMessage('after')]);
    await journal.close();
    expect(await reopened()).toEqual(['before', 'after']);
  });

  test('that could not note a deletion notes it later', async () => {
    const some = disk();
    const { journal } = await openJournal(file, some.open);
    const [a, b, c] = [newMessage('a'), newMessage('b'), newMessage('c')];
    await journal.sent([a, b, c]);
    some.full = true;
    await journal.deleted([a.id]);
    some.full = false;
    await journal.deleted([b.id]);
    await journal.close();
    expect(await reopened()).toEqual(['c']);
  });

  test('keeps messages with every character that some take for the end of a line', async () => {
    const { journal } = await openJournal(file);
    const body = 'one\u2028two\u2029three\rfour\nfive\u0085six';
    await journal.sent([newMessage(body), newMessage('next')]);
    await journal.close();
    expect(await reopened()).toEqual([body, 'next']);
  });

  test('that is damaged is not opened, and is named', async () => {
    await writeFile(file, 'garbage'.repeat(1000));
    await expect(openJournal(file)).rejects.toThrow(`${file}: `);
  });

  test('holds what was sent before its process was killed', async () => {
    const { journal } = await openJournal(file);
    await journal.sent([newMessage('a'), newMessage('b')]);
    await journal.deleted([]);
    const copy = join(folder, 'copy.sqlite');
    // What a process leaves that ends without closing it.
    for (const end of ['', '-wal']) await copyFile(`${file}${end}`, `${copy}${end}`);
    await journal.close();
    file = copy;
    expect(await reopened()).toEqual(['a', 'b']);
  });
});
