import { loadMutated } from './mutant-hooks.ts';
import { TRAPS } from './traps.ts';

/** Run as a process of its own: explores the case of one trap with the changed source, and prints what it found as JSON. */

const [, , name, seconds] = process.argv;
const trap = TRAPS.find((one) => one.name === name);
if (!trap) throw new Error(`no trap is called ${name}`);
loadMutated(trap);
const { explore } = await import('./scenario.ts');
const exploration = await explore(
  { ...trap.scenario, name: trap.name },
  { until: Date.now() + Number(seconds) * 1000 },
);
console.log(JSON.stringify(exploration));
