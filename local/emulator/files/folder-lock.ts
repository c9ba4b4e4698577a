import { open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** The file that marks a folder as in use. It holds the id of the process. */
const NAME = 'lock';

/** The locks of this process. An earlier process with the same id may have left others. */
const held = new Set<string>();

/**
 * Reserves a folder for one stack. The lock of a process that was killed is taken over.
 *
 * @param folder that exists
 * @returns how to give it back
 * @throws Error naming the process that has the folder
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, NAME);
  if (!(await create(file))) {
    const pid = Number(await readFile(file, 'utf8'));
    if (held.has(file) || (pid !== process.pid && isAlive(pid))) {
      throw new Error(`${folder} is in use by process ${pid}; if that is no stack, delete ${file}`);
    }
    await unlink(file);
    if (!(await create(file))) throw new Error(`${folder} is in use by a process that starts just now`);
  }
  held.add(file);
  return async () => {
    await unlink(file);
    held.delete(file);
  };
}

/** @returns whether there was none */
async function create(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid)).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
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
