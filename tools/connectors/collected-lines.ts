import { existsSync, readFileSync } from 'node:fs';

/** The `event.id` of a log of the published format. */
export const idOf = (log: { event: { id: string } }): string => log.event.id;

/** The whole lines of a file; none if there is no such file. A collector may be writing the last one. */
export const wholeLines = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];

/** The `event.id` of each log of a file that has a log of the published format on each line. */
export const idsInLines = (path: string): string[] => wholeLines(path).map((line) => idOf(JSON.parse(line)));
