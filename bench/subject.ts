import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { firstMessage, orItsEnd, startChild } from '../local/emulator/process/child-process.ts';
import { endWithParent } from '../local/emulator/process/orphan.ts';
import type { CannedTableOptions } from './canned-table.ts';
import { TABLE_NAME } from './data.ts';

/** What is measured runs in a process of its own, so that its CPU and memory are its own. */

export interface Subject<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

/** Milliseconds. */
const PATIENCE = 5_000;

/** Far above anything asked for: what is measured is the work, not the refusal of too much of it. */
const NO_LIMIT_MS = 3_600_000;
const NO_LIMIT_BYTES = 64e9;

/** What the functions find in their environment, with every AWS service at one address. */
const environment = (endpoint: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_ENDPOINT_URL: endpoint,
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
  TABLE_NAME,
  EVENT_BUS_NAME: 'bench',
  ANNOUNCE_STORED_LOGS: 'true',
  RETENTION_HOURS: '48',
  API_KEY_SECRET_ARN: 'bench',
  RESOLVE_QUEUE_URL: endpoint,
  RESOLVE_QUEUE_ARN: 'resolve',
  PERSONAL_DATA: '{}',
  HASH_KEY_SECRET_ARN: '',
  RESPONSE_TIMEOUT_MS: String(NO_LIMIT_MS),
  COLLECT_MEMORY_BYTES: String(NO_LIMIT_BYTES),
  OCSF_USER: '"label.rid"',
});

interface Start {
  /** Relative to this folder. */
  readonly module: string;
  readonly endpoint: string;
  readonly nodeOptions?: readonly string[];
  readonly settings?: NodeJS.ProcessEnv;
  readonly options?: object;
}

const start = ({ module, endpoint, nodeOptions = [], settings, options }: Start) => {
  const child = startChild({
    entry: fileURLToPath(new URL(module, import.meta.url)),
    environment: { ...environment(endpoint), ...settings },
    execArguments: ['--expose-gc', '--max-old-space-size=8192', ...nodeOptions],
    arguments: options === undefined ? [] : [JSON.stringify(options)],
  });
  child.process.stdout?.resume();
  // One that is busy would see only later that its parent is gone.
  const kill = (): boolean => child.process.kill('SIGKILL');
  process.once('exit', kill);
  void child.exited.then(() => process.off('exit', kill));
  return child;
};

/** Starts the canned endpoint with a table. */
export async function startCanned(
  options: CannedTableOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const child = start({ module: './canned-dynamodb.ts', endpoint: '', options });
  const { url } = (await orItsEnd(child, firstMessage(child))) as { url: string };
  return { url, close: () => child.stop(PATIENCE) };
}

/**
 * @param module relative to this folder; it calls `answerParent`
 * @param nodeOptions what the deployed function would have as NODE_OPTIONS
 * @param settings variables of its environment that are not as in the other subjects
 */
export async function startSubject<Question extends object, Answer>(
  module: string,
  endpoint: string,
  nodeOptions: readonly string[] = [],
  settings: NodeJS.ProcessEnv = {},
): Promise<Subject<Question, Answer>> {
  const child = start({ module, endpoint, nodeOptions, settings });
  await orItsEnd(child, firstMessage(child));
  return {
    async ask(question) {
      child.process.send(question);
      const [reply] = await orItsEnd(child, once(child.process, 'message'));
      if ('error' in reply) throw new Error(`${module}: ${reply.error}`);
      return reply.answer;
    },
    close: () => child.stop(PATIENCE),
  };
}

/** For the subject: answers one question of its parent after the other. */
export function answerParent<Question, Answer>(answer: (question: Question) => Promise<Answer>): void {
  endWithParent();
  process.on('message', async (question) => {
    try {
      process.send?.({ answer: await answer(question as Question) });
    } catch (error) {
      process.send?.({ error: (error as Error).stack });
    }
  });
  process.send?.('ready');
}

export interface Work {
  readonly elapsedMs: number;
  /** User and system time of all threads of this process. */
  readonly cpuMs: number;
}

/** Begins to measure this process; each call of the result says what was done since. */
export function measureWork(): () => Work {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { elapsedMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  };
}
