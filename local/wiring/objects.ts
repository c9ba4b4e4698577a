import { openObjectFolder } from '../objects/object-folder.ts';
import { contentsInMemory, type ObjectStore, objectStore } from '../objects/object-store.ts';

/** @param folder where the objects are kept; in memory without */
export async function openObjects(folder: string | undefined): Promise<ObjectStore> {
  if (folder === undefined) return objectStore(contentsInMemory());
  const { contents, kept } = await openObjectFolder(folder);
  return objectStore(contents, kept);
}
