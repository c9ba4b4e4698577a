import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchFolders } from '../../../local/dev/watch-folders.ts';

/** Watches `watched/` in a new folder; `told` has what was told, a list a call. */
async function startWatching(onChange: () => Promise<void> = async () => {}) {
  const root = await mkdtemp(join(tmpdir(), 'watch-test-'));
  await mkdir(join(root, 'watched', 'inner'), { recursive: true });
  await writeFile(join(root, 'settings.json'), '{}');
  const told: string[][] = [];
  const stop = watchFolders(
    { folders: [join(root, 'watched')], files: [join(root, 'settings.json')] },
    async (paths) => {
      told.push(paths.map((path) => relative(root, path)));
      await onChange();
    },
  );
  onTestFinished(async () => {
    stop();
    await rm(root, { recursive: true });
  });
  const write = (path: string, text = 'text'): Promise<void> => writeFile(join(root, path), text);
  const next = async (path: string): Promise<void> => {
    await vi.waitFor(() => expect(told.flat()).toContain(path), { timeout: 5000, interval: 10 });
    await sleep(100);
    told.length = 0;
  };
  return { root, told, write, next, stop };
}

test('a file is told each time it is written, also when an editor replaces it by another one', async () => {
  const { root, write, next } = await startWatching();
  const file = 'watched/inner/file.ts';
  for (let i = 0; i < 3; i += 1) {
    await write(file, String(i));
    await next(file);
    await write('new-text');
    await rename(join(root, 'new-text'), join(root, file));
    await next(file);
  }
  await rm(join(root, file));
  await next(file);
});

test('a file in a new folder is told, also in one that comes again', async () => {
  const { root, write, next } = await startWatching();
  for (let i = 0; i < 2; i += 1) {
    await mkdir(join(root, 'watched/new/deep'), { recursive: true });
    await write('watched/new/deep/file.ts');
    await next('watched/new/deep/file.ts');
    await write('watched/new/deep/file.ts', 'again');
    await next('watched/new/deep/file.ts');
    await rm(join(root, 'watched/new'), { recursive: true });
    await next('watched/new');
  }
});

test('of the folder of a single file, that file alone is told', async () => {
  const { told, write, next } = await startWatching();
  await write('other.json');
  await sleep(200);
  expect(told).toEqual([]);
  await write('settings.json', '{ }');
  await next('settings.json');
});

test('changes while the last ones are worked on are told together, afterwards', async () => {
  const work = Promise.withResolvers<void>();
  const { told, write } = await startWatching(() => work.promise);
  await write('watched/a.ts');
  await vi.waitFor(() => expect(told).toEqual([['watched/a.ts']]));
  await write('watched/b.ts');
  await write('watched/c.ts');
  await sleep(200);
  expect(told).toHaveLength(1);
  work.resolve();
  await vi.waitFor(() => expect(told.slice(1).flat()).toEqual(['watched/b.ts', 'watched/c.ts']));
});

test('nothing is told once it has stopped', async () => {
  const { told, write, stop } = await startWatching();
  await write('watched/a.ts');
  stop();
  await write('watched/b.ts');
  await sleep(200);
  expect(told).toEqual([]);
});
