import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';

/**
 * Reads a file of JSON.
 *
 * @param check takes the parsed JSON, and throws if it has the wrong shape
 * @throws Error beginning with the name of the file, without its content, except what `check` quotes
 */
export async function readJsonFile<T>(file: string, check: (value: unknown) => T): Promise<T> {
  try {
    return check(parseJson(await readFile(file, 'utf8')));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw Object.assign(new Error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`), {
      code,
    });
  }
}

/** A check by a schema. */
export const checkBy =
  <T>(schema: z.ZodMiniType<T>, complaint: string) =>
  (value: unknown): T => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw new Error(`${complaint}\n${z.prettifyError(result.error)}`);
  };

/** The parser's own message quotes the text, which may be a secret. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /\(line \d+ column \d+\)$/.exec((error as Error).message)?.[0];
    throw new Error(`this is not JSON${place === undefined ? '' : ` ${place}`}`);
  }
}
