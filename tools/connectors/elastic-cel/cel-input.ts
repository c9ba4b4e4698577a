import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { evaluationsIn, readCelInput, takeEvaluation } from './cel-contract.ts';

/**
 * Runs the CEL program of a filebeat.yml as Filebeat's input `cel` does, with the command `mito`: each interval, with the
 * state of the file and the last cursor. Writes each event as a line to logs.ndjson, then the cursor to registry.json.
 * https://www.elastic.co/docs/reference/beats/filebeat/filebeat-input-cel
 */

const PROGRAM = 'program.cel';
const STATE = 'state.json';
const REGISTRY = 'registry.json';
const EVENTS = 'logs.ndjson';

const input = readCelInput(readFileSync('filebeat.yml', 'utf8'), process.env);
writeFileSync(PROGRAM, input.program);

let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});

/** Evaluates the program until it wants no more. The text of the evaluations that are whole. */
async function evaluate(cursor: unknown): Promise<string> {
  writeFileSync(STATE, JSON.stringify({ ...input.state, ...(cursor === undefined ? {} : { cursor }) }));
  const mito = spawn('mito', ['-data', STATE, PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  return text(mito.stdout);
}

/** The new registry replaces the old one whole, or not at all. */
function saveCursor(cursor: unknown): void {
  writeFileSync(`${REGISTRY}.new`, JSON.stringify(cursor), { flush: true });
  renameSync(`${REGISTRY}.new`, REGISTRY);
}

let cursor: unknown = existsSync(REGISTRY) ? JSON.parse(readFileSync(REGISTRY, 'utf8')) : undefined;
while (!isStopping) {
  for (const evaluation of evaluationsIn(await evaluate(cursor))) {
    const { events, next } = takeEvaluation(evaluation);
    if (events.length === 0) continue;
    appendFileSync(EVENTS, events.map((event) => `${JSON.stringify(event)}\n`).join(''), { flush: true });
    if (next === undefined) continue;
    cursor = next;
    saveCursor(cursor);
  }
  for (let waited = 0; waited < input.interval && !isStopping; waited += 100) await sleep(100);
}
