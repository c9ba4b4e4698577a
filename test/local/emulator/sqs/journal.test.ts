import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openObjectFolder } from '../../../../local/emulator/s3/object-folder.ts';
import { openJournal } from '../../../../local/emulator/sqs/journal.ts';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import { disk } from '../../fixtures/disk.ts';
import { keptLog } from '../../fixtures/log.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-'));
  file = join(folder, 'q.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const bodies = (messages: readonly { body: string }[]): string[] => messages.map(({ body }) => body);

/** What a journal holds when it is opened again, and what is said about it. */
const reopened = async () => {
  const log = keptLog();
  const { journal, kept } = await openJournal(file, { log });
  await journal.close();
  return { kept: bodies(kept), ...log };
};

describe('a journal', () => {
  test('whose write fails refuses what was sent, keeps nothing of it, and heals when there is space again', async () => {
    const some = disk();
    const { journal } = await openJournal(file, { log: keptLog(), openFile: some.openFile });
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
    expect(await reopened()).toMatchObject({ kept: ['before', 'after'], warnings: [], details: [] });
  });

  test('that cannot be cut after a failed write cuts its half line before the next one', async () => {
    const some = disk();
    const { journal } = await openJournal(file, { log: keptLog(), openFile: some.openFile });
    some.full = true;
    some.rigid = true;
    await expect(journal.sent([newMessage('refused')])).rejects.toThrow('ENOSPC');
    some.full = false;
    await expect(journal.sent([newMessage('refused, too')])).rejects.toThrow('ENOSPC');
    some.rigid = false;
    await journal.sent([newMessage('after')]);
    await journal.close();
    expect(await reopened()).toMatchObject({ kept: ['after'], warnings: [], details: [] });
  });

  test('that could not note a deletion notes it later', async () => {
    const some = disk();
    const { journal } = await openJournal(file, { log: keptLog(), openFile: some.openFile });
    const [a, b, c] = [newMessage('a'), newMessage('b'), newMessage('c')];
    await journal.sent([a, b, c]);
    some.full = true;
    await journal.deleted([a.id]);
    some.full = false;
    await journal.deleted([b.id]);
    await journal.close();
    expect((await reopened()).kept).toEqual(['c']);
  });

  test('keeps messages with every character that some take for the end of a line', async () => {
    const { journal } = await openJournal(file, { log: keptLog() });
    const body = 'one\u2028two\u2029three\rfour\nfive\u0085six';
    await journal.sent([newMessage(body), newMessage('next')]);
    await journal.close();
    expect(await reopened()).toMatchObject({ kept: [body, 'next'], warnings: [] });
  });
});

describe('a damaged journal', () => {
  const whole = (body: string): string => `${JSON.stringify({ sent: newMessage(body) })}\n`;

  test.each([
    ['no JSON', 'garbage\n'],
    ['a value that is no object', '5\n'],
    ['a string', '"sent"\n'],
    ['an object of another kind', '{"lost":"x"}\n'],
    ['a message without a body', '{"sent":{"id":"x","attributes":{},"sentAt":1}}\n'],
    ['an empty line', '\n'],
    ['bytes of zero', '\0\0\0\0\n'],
  ])('(%s) is kept aside, named with its line, and its whole lines are used', async (_, line) => {
    const content = `${whole('a')}${line}${whole('b')}`;
    await writeFile(file, content);
    const { kept, warnings } = await reopened();
    expect(kept).toEqual(['a', 'b']);
    const [name = ''] = (await readdir(folder)).filter((each) => each.startsWith('q.jsonl.damaged-'));
    expect(await readFile(join(folder, name), 'utf8')).toBe(content);
    expect(warnings).toEqual([
      `${file}: line 2 is damaged and left out; the file as it was is ${join(folder, name)}`,
    ]);
    expect(await reopened()).toMatchObject({ kept: ['a', 'b'], warnings: [] });
  });

  test('counts its damaged lines', async () => {
    await writeFile(file, `x\n${whole('a')}y\nz\n`);
    expect((await reopened()).warnings.join()).toContain('line 1 is damaged (and 2 more)');
  });

  test('is nothing to speak of if its last line is half, as after a crash', async () => {
    await writeFile(file, `${whole('a')}${whole('half').slice(0, 30)}`);
    const { kept, warnings, details } = await reopened();
    expect([kept, warnings]).toEqual([['a'], []]);
    expect(details.join()).toContain('line 2, the last, is half');
    expect(await readdir(folder)).toEqual(['q.jsonl']);
  });
});

test('the list of objects is kept aside, too, and used as far as it is whole', async () => {
  const log = keptLog();
  const info = { key: 'k', modifiedAt: 1, md5: 'm', size: 1, headers: {} };
  const first = await openObjectFolder(folder, log);
  await first.contents.write('bucket', info, Buffer.from('x'));
  await first.close();
  await writeFile(join(folder, 'objects.jsonl'), '[]\n["half', { flag: 'a' });
  const second = await openObjectFolder(folder, log);
  await second.contents.write('bucket', { ...info, key: 'l' }, Buffer.from('y'));
  await second.close();
  const third = await openObjectFolder(folder, log);
  await third.close();
  expect(third.kept.map(([, { key }]) => key)).toEqual(['k', 'l']);
  expect(log.warnings).toEqual([expect.stringContaining('objects.jsonl: line 2 is damaged')]);
});
