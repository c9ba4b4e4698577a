import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStore } from '../../../local/emulator/dynamodb/embedded-store.ts';
import { closeInReverse, type Started } from '../../../local/emulator/process/close-in-reverse.ts';
import { type LocalStack, startLocalStack } from '../../../local/security-logs-stack.ts';
import { HOUR, SECOND } from '../../../shared/time.ts';
import { startCuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { startFaultProxy } from '../../fixtures/fault-proxy.ts';
import { withVariables, withVisibility } from '../changed-template.ts';
import { awayConsumer, steadyConsumer } from './consumers.ts';
import { assemblyOfTheDay, type DayBundles, writeCode } from './day-bundles.ts';
import { FOLLOWER_KINDS, type Follower, type FollowerKind, follower, missingOf } from './follower.ts';
import { type DaySize, type Plan, planOf } from './plan.ts';
import { publishAll } from './publish.ts';
import { seededRandom } from './random.ts';
import { watchTable } from './table-watch.ts';
import { makeTrouble } from './trouble.ts';
import { judge, judgeStored, judgeWindow, type Lifetimes } from './verdict.ts';
import { askForEverything } from './window.ts';

export interface DayOptions extends DaySize {
  /** The folder of a synthesized cloud assembly. */
  readonly assembly: string;
  readonly bundles: DayBundles;
  /** Is told of each step, in words. */
  readonly progress?: (step: string) => void;
}

export interface DayReport {
  readonly seed: number;
  /** What is wrong, in words; empty if everything is right. */
  readonly violations: readonly string[];
  /** What happened, for people. */
  readonly story: { readonly skipped: readonly string[]; readonly [what: string]: unknown };
}

const API_KEY = 'the key of the day';
/** How long what is under way may take when the trouble has ended: far longer than on a busy machine. */
const PATIENCE = 400 * SECOND;
/**
 * When a failed message comes back, seconds: after the timeout of the ingest function, so that a busy machine does not get
 * messages again that it is working on.
 */
const VISIBILITY = 11;

/**
 * Runs a day of a few seconds through the whole local stack: events are published while functions are killed, the store
 * throttles and loses answers, and releases are deployed; consumers follow the feed, and are killed, too. When all is
 * quiet, everyone must have each log exactly once.
 *
 * @param started collects what is started: its `close` breaks the day off
 */
export async function runDay(
  seed: number,
  options: DayOptions,
  started: Started = closeInReverse(),
): Promise<DayReport> {
  try {
    return await liveThrough(planOf(seed, options), options, started);
  } finally {
    await started.close();
  }
}

async function liveThrough(
  plan: Plan,
  { assembly, bundles, progress = () => {} }: DayOptions,
  started: Started,
) {
  const startedAt = Date.now();
  progress('starting the stack');
  const random = seededRandom(plan.seed + 0.5);
  const { lifetimes } = plan;
  const [first, ...later] = plan.releases;
  if (first === undefined) throw new Error('a day begins with a release');
  const folder = await assemblyOfTheDay(assembly, bundles, first.constants);
  await started.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));

  const store = await startStore();
  await started.add(store.close);
  const storeProxy = await startFaultProxy(store.url);
  await started.add(storeProxy.close);
  const stack = await startLocalStack(
    {
      assembly: folder,
      apiKey: API_KEY,
      log: { progress: () => {}, warn: () => {}, detail: () => {} },
      storeUrl: storeProxy.url,
      scheduleMinute: SECOND,
      patchTemplate: (template) =>
        [
          withVariables({ RETENTION_HOURS: String(lifetimes.retentionHours) }),
          withVariables({ ANNOUNCE_STORED_LOGS: String(plan.announces) }),
          withVisibility(VISIBILITY),
        ].reduce((changed, change) => change(changed), template),
    },
    started,
  );
  const gatewayProxy = await startCuttingProxy(stack.gatewayUrl);
  await started.add(gatewayProxy.close);
  const watch = watchTable(store.url, stack.outputs['TableName'] ?? '');
  await started.add(watch.close);

  const consumers = await followers(plan, feedUrlOf(stack, gatewayProxy.url), folder);
  const everyone = [...consumers.steady, consumers.away];
  // Who has no cursor yet begins at the oldest log that is kept: so each gets one before the first log.
  await Promise.all(everyone.map((each) => each.run()));

  progress('publishing');
  const dayStart = Date.now();
  const base = Math.floor(dayStart / HOUR) * HOUR;
  const until = (at: number): Promise<void> => sleep(Math.max(0, dayStart + at - Date.now()));
  const trouble = makeTrouble(storeProxy, gatewayProxy, {
    random,
    severity: plan.severity,
    kill: (name) => killFunctions(stack, name),
  });

  const ending = new AbortController();
  const following = consumers.steady.map((each) => steadyConsumer(each, random, ending.signal));
  const staying = awayConsumer(consumers.away, plan, { random, until, watch, end: started.stopping });
  for (const each of [...following, staying]) each.catch(() => {}); // awaited below, unless the day fails before
  await started.add(() => {
    ending.abort();
    for (const each of everyone) each.kill();
  });

  const releasing = (async () => {
    for (const [i, { at, constants }] of later.entries()) {
      await until(at);
      const code = await writeCode(join(folder, `release-${i}`), bundles, 'ingest', constants);
      await deploy(stack, 'Ingest', code);
      progress(`deployed ${JSON.stringify(constants)}`);
    }
  })();
  releasing.catch(() => {}); // awaited below, unless the day fails before
  const published = await publishAll(stack, plan.publications, base, until);
  progress('everything is published');
  await releasing;
  trouble.end();
  progress('the trouble has ended');
  await drained(stack, PATIENCE);
  await watch.scan();

  progress('everything is stored');
  const consumedBefore = consumers.steady.flatMap((each) => each.logs());
  const window = await askForEverything(stack, API_KEY, base);
  await watch.scan();
  const windowWrong = judgeWindow({ ...window, consumedBefore }, watch.logs(), lifetimes);

  ending.abort();
  await Promise.all(following);
  await staying;
  progress('the consumer that stayed away has caught up');
  const verdicts = await Promise.all(everyone.map((each) => verdictOn(each, watch, lifetimes)));
  await drained(stack, PATIENCE);

  const stored = watch.logs();
  return {
    seed: plan.seed,
    violations: [
      ...judgeStored(published, stored, lifetimes),
      ...windowWrong,
      ...verdicts.flat(),
      ...watch.changed,
      ...deadLetters(stack),
      ...(consumers.away.gaps.length === 0 ? [`${consumers.away.name} was not told of the gap`] : []),
    ],
    story: {
      seconds: Math.round((Date.now() - startedAt) / SECOND),
      published: published.length,
      stored: stored.length,
      withoutSlot: stored.filter(({ slot }) => slot === undefined).length,
      window: window.logs.length,
      slotItemsDeleted: watch.slotsDeleted(),
      lifetime: lifetimes.lifetime / SECOND,
      shards: plan.releases.map(({ constants }) => constants.shards),
      trouble: trouble.requests,
      consumers: everyone.map(({ name, kills, gaps, logs }) => ({
        name,
        logs: logs().length,
        kills: kills(),
        gaps: gaps.length,
      })),
      skipped: consumers.skipped,
    },
  };
}

/** The consumers, each with an output of its own. */
async function followers({ consumerLimits, awayKind }: Plan, feedUrl: string, folder: string) {
  const skipped: string[] = [];
  const kinds = FOLLOWER_KINDS.filter((kind) => {
    const missing = missingOf(kind);
    if (missing.length > 0) skipped.push(`${kind.name}: this machine has no ${missing.join(' and no ')}`);
    return missing.length === 0;
  });
  const make = async (kind: FollowerKind, i: number, name: string): Promise<Follower> => {
    const own = join(folder, `consumer-${i}`);
    await mkdir(own);
    const limit = consumerLimits[i];
    const url = limit === undefined ? feedUrl : `${feedUrl}?limit=${limit}`;
    return follower({ ...kind, name }, url, API_KEY, own);
  };
  const away = kinds[awayKind % kinds.length] as FollowerKind;
  return {
    steady: await Promise.all(kinds.map((kind, i) => make(kind, i, kind.name))),
    away: await make(away, FOLLOWER_KINDS.length, `${away.name}, away`),
    skipped,
  };
}

const feedUrlOf = ({ outputs, gatewayUrl }: LocalStack, proxyUrl: string): string =>
  (outputs['ApiUrl'] ?? '').replace('get-security-logs', 'security-logs/feed').replace(gatewayUrl, proxyUrl);

function killFunctions(stack: LocalStack, name: string): void {
  for (const { functionName, pid } of stack.functionProcesses())
    if (functionName.includes(name)) process.kill(pid, 'SIGKILL');
}

/** A process of the new code may be killed while it starts: then the function is deployed again. */
async function deploy(stack: LocalStack, name: string, code: string): Promise<void> {
  const fn = stack.functions.find((each) => each.name.includes(name));
  if (fn === undefined) throw new Error(`no function ${name}`);
  for (let attempt = 1; ; attempt++) {
    try {
      return await fn.replaceCode(code);
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

/** Waits until no message is left in any queue but those of dead letters. */
async function drained(stack: LocalStack, patience: number): Promise<void> {
  const deadline = Date.now() + patience;
  const left = () =>
    [...stack.queues].filter(([name, queue]) => {
      const { visible, inFlight, delayed } = queue.counts();
      return !name.includes('DeadLetters') && visible + inFlight + delayed > 0;
    });
  while (left().length > 0) {
    if (Date.now() > deadline)
      throw new Error(`not empty after ${patience} ms: ${left().map(([name]) => name)}`);
    await sleep(50);
  }
}

const deadLetters = (stack: LocalStack): string[] =>
  [...stack.queues].flatMap(([name, queue]) => {
    const { visible } = queue.counts();
    return name.includes('DeadLetters') && visible > 0 ? [`${name} has ${visible} messages`] : [];
  });

/** Lets a consumer finish, until it has everything. */
async function verdictOn(
  each: Follower,
  watch: ReturnType<typeof watchTable>,
  lifetimes: Lifetimes,
): Promise<readonly string[]> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    await each.run();
    const { name: consumer, gaps, failures } = each;
    const { wrong, missing } = judge({ consumer, logs: each.logs(), gaps }, watch.logs(), lifetimes);
    const violations = [...wrong, ...failures];
    if (missing.length === 0 || violations.length > 0 || Date.now() > deadline)
      return [...violations, ...missing];
    await sleep(SECOND);
  }
}
