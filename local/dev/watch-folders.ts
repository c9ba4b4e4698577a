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
 * Tells which files change. Every folder is watched by itself: `recursive` of Node loses a file on Linux that an editor
 * has replaced by renaming another one.
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
  let last = Promise.resolve();

  const tell = async (): Promise<void> => {
    const paths = [...changed];
    changed.clear();
    if (paths.length > 0) await onChange(paths);
  };
  const note = (path: string): void => {
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(tell);
    }, settle);
  };
  /** Watches the folders that are there now, and no others. */
  const watchAll = (isFirst = false): void => {
    const found = new Set(folders.flatMap(foldersIn));
    for (const [folder, watcher] of watchers) {
      if (found.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of found) {
      if (watchers.has(folder)) continue;
      watchers.set(
        folder,
        watch(folder, (_, name) => onEvent(join(folder, name ?? ''))),
      );
      // A file may have been written into a new folder before that was watched.
      if (!isFirst) for (const name of readdirSync(folder)) note(join(folder, name));
    }
  };
  const onEvent = (path: string): void => {
    note(path);
    try {
      watchAll();
    } catch {
      // A folder has gone meanwhile, which is another event.
    }
  };

  watchAll(true);
  const fileWatchers = files.map((file) =>
    watch(dirname(file), (_, name) => {
      if (name !== null && join(dirname(file), name) === file) note(file);
    }),
  );
  return () => {
    clearTimeout(timer);
    changed.clear();
    for (const watcher of [...fileWatchers, ...watchers.values()]) watcher.close();
  };
}

const foldersIn = (root: string): string[] => [
  root,
  ...readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name)),
];
