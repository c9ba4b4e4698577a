import { readFileSync } from 'node:fs';

/**
 * The most memory a process has held at once (its resident set), where the operating system tells: Linux does.
 *
 * @returns bytes
 */
export function peakMemory(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
