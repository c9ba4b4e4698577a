import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** How long nothing more must change before the changes are told, milliseconds. An editor saves in several steps. */
const SETTLE = 50;

/** What to watch: absolute paths. */
export interface Watched {
  /** With their subfolders, also those that are made later. */
  readonly folders: readonly string[];
  /** Single files; what else is in their folders is not told. */
  readonly files?: readonly string[];
}

/**
 * Tells which files change. Every folder is watched by itself: `recursive` of Node loses a file on Linux that an editor has replaced by renaming another one.
 *
 * @param onChange is given the paths that have changed, appeared or gone, each once; while it works, further changes
 * are collected for its next call
 * @param settle how long nothing more must change before, milliseconds
 * @returns stops watching
 * @throws Error if one of the folders is not there
 */
export function watchFolders(
  { folders, files = [] }: Watched,
  onChange: (paths: readonly string[]) => Promise<void>,
  settle = SETTLE,
): () => void {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let working = false;
  let closed = false;

  const tell = async (): Promise<void> => {
    timer = undefined;
    if (working) return;
    working = true;
    const paths = [...changed];
    changed.clear();
    await onChange(paths);
    working = false;
    if (changed.size > 0 && timer === undefined && !closed) timer = setTimeout(tell, settle);
  };
  const note = (path: string): void => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(tell, settle);
  };

  const forget = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchTree = (folder: string, isNew: boolean): void => {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (_, name) => {
      if (name === null) return;
      const path = join(folder, name);
      note(path);
      if (isFolder(path)) watchNewTree(path);
      else forget(path);
    });
    watcher.on('error', () => forget(folder));
    watchers.set(folder, watcher);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      // A file may have been written into a new folder before that was watched.
      if (entry.isDirectory()) watchTree(path, isNew);
      else if (isNew) note(path);
    }
  };

  const watchNewTree = (folder: string): void => {
    try {
      watchTree(folder, true);
    } catch {
      // It is gone again already.
      forget(folder);
    }
  };

  for (const folder of folders) watchTree(folder, false);
  const fileWatchers = files.map((file) =>
    watch(dirname(file), (_, name) => {
      if (name !== null && join(dirname(file), name) === file) note(file);
    }),
  );
  return () => {
    closed = true;
    clearTimeout(timer);
    for (const watcher of fileWatchers) watcher.close();
    for (const folder of [...watchers.keys()]) forget(folder);
  };
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
