import { appendFile, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContentStore, ObjectInfo } from './object-store.ts';

/**
 * Contents as files, to be looked at: each bucket a folder, in it the keys as paths. What else is known of the
 * objects is in a file beside the buckets, to which lines are only ever added; an object is there when its line is.
 */

/** No bucket has a name like this. */
const INDEX = 'objects.jsonl';

type Line = readonly [bucket: string, info: ObjectInfo];

/** @returns the contents, and what is known of those of an earlier run */
export async function openObjectFolder(folder: string): Promise<{ contents: ContentStore; kept: Line[] }> {
  await mkdir(folder, { recursive: true });
  const index = join(folder, INDEX);
  const fileOf = (bucket: string, key: string): string =>
    join(folder, bucket, ...key.split('/').map(segment));
  return {
    kept: await readIndex(index),
    contents: {
      async write(bucket, info, content) {
        const file = fileOf(bucket, info.key);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(`${file}%`, content);
        await rename(`${file}%`, file);
        await appendFile(index, `${JSON.stringify([bucket, info] satisfies Line)}\n`);
      },
      read: (bucket, key) => readFile(fileOf(bucket, key)),
    },
  };
}

/** A part of a key as the name of a file: no two parts have the same, and none leads elsewhere. */
const segment = (part: string): string =>
  part === '' ? '%' : encodeURIComponent(part).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length));

async function readIndex(file: string): Promise<Line[]> {
  const lines: Line[] = [];
  const handle = await open(file, 'a+');
  for await (const line of handle.readLines()) {
    try {
      lines.push(JSON.parse(line));
    } catch {
      // The last line of a process that ended while it wrote: its object is not there.
    }
  }
  return lines;
}
