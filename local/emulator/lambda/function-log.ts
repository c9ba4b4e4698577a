import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';

const ATTENTION = new Set(['WARN', 'ERROR', 'CRITICAL', 'FATAL']);

/**
 * Logs the output of a function, line by line: warnings and errors as warnings, the rest as details.
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
 * The level of a log line: a JSON object's `level`, or the third column of the runtime's `console` lines. A line with
 * neither comes from Node itself when a process fails: an error.
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
