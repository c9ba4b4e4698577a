import type { Log } from '../log.ts';
import { openObjectFolder } from './object-folder.ts';
import { contentsInMemory, type ObjectStore, objectStore } from './object-store.ts';

/**
 * @param folder where the objects are kept; in memory without
 * @param log is told of damage
 */
export async function openObjects(
  folder: string | undefined,
  log: Log,
): Promise<{ objects: ObjectStore; close(): Promise<void> }> {
  if (folder === undefined) return { objects: objectStore(contentsInMemory()), close: async () => {} };
  const { contents, kept, close } = await openObjectFolder(folder, log);
  return { objects: objectStore(contents, kept), close };
}
