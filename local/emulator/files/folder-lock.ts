import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The locks of this process. An earlier process with the same id may have left others. */
const held = new Set<string>();

/**
 * Reserves a folder for one stack, with a file that holds the id of the process. The lock of a process that was killed
 * is taken over.
 *
 * @throws Error naming the process that has the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock');
  const pid = Number(await readFile(file, 'utf8').catch(() => 0));
  if (held.has(file) || (pid !== process.pid && isAlive(pid))) {
    throw new Error(`${folder} is in use by process ${pid}; if that is no stack, delete ${file}`);
  }
  await rm(file, { force: true });
  await writeFile(file, String(process.pid), { flag: 'wx' });
  held.add(file);
  return async () => {
    await rm(file);
    held.delete(file);
  };
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
