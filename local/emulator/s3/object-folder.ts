import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { readJsonLines, replaceJsonLines } from '../files/json-lines.ts';
import { openLineAppender } from '../files/line-appender.ts';
import type { Log } from '../log.ts';
import type { ContentStore, ObjectInfo } from './object-store.ts';

/**
 * Contents as files, to be looked at: each bucket a folder, in it the keys as paths. What else is known of the
 * objects is in a file beside the buckets, to which lines are only ever added; an object is there when its line is.
 */

/** No bucket has a name like this. */
const INDEX = 'objects.jsonl';

type Line = readonly [bucket: string, info: ObjectInfo];

const lineSchema = z.tuple([
  z.string(),
  z.object({
    key: z.string(),
    modifiedAt: z.number(),
    md5: z.string(),
    size: z.number(),
    headers: z.record(z.string(), z.string()),
  }),
]);

/**
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

/** A part of a key as the name of a file: no two parts have the same, and none leads elsewhere. */
const segment = (part: string): string =>
  part === '' ? '%' : encodeURIComponent(part).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));
