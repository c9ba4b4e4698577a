import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';

const ATTENTION = new Set(['WARN', 'ERROR', 'CRITICAL', 'FATAL']);

/**
 * Passes on what a function writes, line by line: warnings and errors to the person at the terminal, the rest to
 * the details.
 */
export const functionLog =
  (functionName: string, log: Log) =>
  (stream: NodeJS.ReadableStream): void => {
    createInterface({ input: stream }).on('line', (line) => {
      if (line === '') return;
      const say = ATTENTION.has(levelOf(line)) ? log.warn : log.detail;
      say(`[${functionName}] ${line}`);
    });
  };

/**
 * The level of a log line: a JSON object's `level` (or `log.level`), or the third column of what the runtime writes
 * for `console`. What has neither comes from Node itself, when a process fails: an error.
 */
export function levelOf(line: string): string {
  if (line.startsWith('{')) {
    try {
      return String(JSON.parse(line).level ?? 'INFO').toUpperCase();
    } catch {
      return 'ERROR';
    }
  }
  return /^\S+\t\S+\t([A-Z]+)\t/.exec(line)?.[1] ?? 'ERROR';
}
