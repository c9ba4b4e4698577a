import { readFile } from 'node:fs/promises';

/**
 * Reads a file of JSON that a person has written.
 *
 * @param check takes the parsed JSON, and throws if it is not what it should be
 * @throws Error beginning with the name of the file
 */
export async function readJsonFile<T>(file: string, check: (value: unknown) => T): Promise<T> {
  try {
    return check(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`, { cause });
  }
}
