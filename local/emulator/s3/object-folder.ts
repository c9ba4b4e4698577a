import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { readJsonLines, replaceJsonLines } from '../files/json-lines.ts';
import { openLineAppender } from '../files/line-appender.ts';
import type { Log } from '../log.ts';
import { type ContentStore, objectInfoSchema } from './object-store.ts';

/** The index of the objects, beside the folders of the buckets. No bucket has a name like this. */
const INDEX = 'objects.jsonl';

const lineSchema = z.tuple([z.string(), objectInfoSchema]);
type Line = z.infer<typeof lineSchema>;

/**
 * Keeps contents as files that a person can read: each bucket is a folder, with the keys as paths. An object exists
 * when its line is in the index.
 *
 * @param log is told of damage
 * @returns the contents, what is known of those of an earlier run, and how to close them
 */
export async function openObjectFolder(
  folder: string,
  log: Log,
): Promise<{ contents: ContentStore; kept: Line[]; close(): Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const index = join(folder, INDEX);
  const kept: Line[] = [];
  await readJsonLines(
    index,
    (value) => lineSchema.parse(value),
    (line) => kept.push(line),
    log,
  );
  await replaceJsonLines(index, kept);
  const lines = await openLineAppender(index);
  const fileOf = (bucket: string, key: string): string =>
    join(folder, bucket, ...key.split('/').map(segment));
  return {
    kept,
    close: lines.close,
    contents: {
      async write(bucket, info, content) {
        const file = fileOf(bucket, info.key);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(`${file}%`, content);
        await rename(`${file}%`, file);
        await lines.append([[bucket, info] satisfies Line]);
      },
      read: (bucket, key) => readFile(fileOf(bucket, key)),
    },
  };
}

/** A part of a key as a file name. Different parts have different names, and no name leads to another folder. */
const segment = (part: string): string =>
  part === '' ? '%' : encodeURIComponent(part).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
