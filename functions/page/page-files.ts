import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentEncoding } from '../http/negotiate-encoding.ts';

/** The page as `page/build/build.ts` has written it beside the function's code. */
export interface PageFiles {
  /** The document by its content encoding. */
  readonly documents: Readonly<Record<ContentEncoding, Buffer>>;
  /** What the browser is told with it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws Error if a file is missing */
export function readPageFiles(folder: string): PageFiles {
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  return {
    documents: {
      identity: read('page.html'),
      gzip: read('page.html.gzip'),
      br: read('page.html.br'),
      zstd: read('page.html.zstd'),
    },
    headers: JSON.parse(read('page.headers.json').toString()),
  };
}
