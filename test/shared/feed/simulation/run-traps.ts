import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pMap from 'p-map';
import type { Exploration } from './scenario.ts';
import { TRAPS, type Trap } from './traps.ts';

/** Plants each trap in a process of its own, because a process loads a module once. */

export interface SprungTrap {
  readonly trap: Trap;
  readonly exploration: Exploration;
}

const RUN_TRAP = fileURLToPath(new URL('run-trap.ts', import.meta.url));
const PROCESSES = 2;
/** How long the exploration of one trap may take, seconds. Most take a tenth. */
const LONGEST = 30;

export async function runTraps(): Promise<SprungTrap[]> {
  const cache = await mkdtemp(join(tmpdir(), 'feed-traps-'));
  try {
    return await pMap(TRAPS, async (trap) => ({ trap, exploration: await runTrap(trap, cache) }), {
      concurrency: PROCESSES,
    });
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}

/** @param cache keeps the compiled modules for the next process */
async function runTrap({ name }: Trap, cache: string): Promise<Exploration> {
  const { stdout } = await promisify(execFile)(process.execPath, [RUN_TRAP, name, String(LONGEST)], {
    env: { ...process.env, NODE_COMPILE_CACHE: cache, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout);
}
