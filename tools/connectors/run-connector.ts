import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecurityEventDetail } from '../publisher/publish-security-events.ts';
import { type CollectorProcess, startCollector } from './collector-process.ts';
import type { Connector, Place } from './connector.ts';
import { someEvents } from './events.ts';
import { writePageFiles } from './page-files.ts';
import { startTroubledGateway, type Trouble } from './troubled-gateway.ts';

/** The service that a collector reads. */
export interface ServiceUnderTest {
  /** Of the API, without a slash at the end. */
  readonly gatewayUrl: string;
  /** Publishes events, or throws. */
  publish(events: readonly SecurityEventDetail[]): Promise<void>;
}

export interface RunOptions {
  /** Where the collector is installed, or will be. */
  readonly tools: string;
  /** An empty folder for the files of this run. */
  readonly files: string;
  /** Told each step. */
  readonly say?: (line: string) => void;
  /** How long the collector may take for one step, milliseconds. Default: two minutes. */
  readonly patience?: number;
}

/** What a run has shown. */
export interface Verdict {
  readonly published: number;
  /** The ids of the logs that were not collected, and of those that were collected more than once. */
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** How long it took, seconds. */
  readonly seconds: number;
}

/** How many events are there at the start: more than an answer has by default, so that the collector has to page. */
const FIRST = 1_100;
/** How many events are in each later part of a run. */
const PART = 60;
const PATIENCE = 120_000;
const LOOK_AGAIN = 250;
const TROUBLES: readonly Trouble[] = ['cut', 'throttle', 'unavailable', 'reset'];

/**
 * Runs a collector with the configuration of its page: events are published before it starts, while it runs, and while it
 * is stopped, some of them late. Its answers are cut and refused meanwhile. It is stopped as it has just got logs.
 *
 * @throws CannotInstall if it cannot be had here
 * @throws Error if the collector ends, or does not get on within the patience; the message has the last that it said
 */
export async function runConnector(
  connector: Connector,
  service: ServiceUnderTest,
  { tools, files, say = () => {}, patience = PATIENCE }: RunOptions,
): Promise<Verdict> {
  const place: Place = { tools, files };
  mkdirSync(tools, { recursive: true });
  say('installing');
  await connector.install(place);

  const prefix = `${connector.name}-${randomUUID().slice(0, 8)}`;
  const gateway = await startTroubledGateway(service.gatewayUrl);
  let collector: CollectorProcess | undefined;
  let published = 0;

  const publish = async (count: number): Promise<void> => {
    await service.publish(someEvents(prefix, published, count, Date.now()));
    published += count;
  };
  /** Of this run: how often each id was collected. */
  const counts = async (): Promise<Map<string, number>> => {
    const counted = new Map<string, number>();
    for (const id of await connector.collected(place)) counted.set(id, (counted.get(id) ?? 0) + 1);
    return counted;
  };
  const idsOf = (isWanted: (times: number) => boolean, counted: Map<string, number>): string[] =>
    Array.from({ length: published }, (_, n) => `${prefix}-${n}`).filter((id) =>
      isWanted(counted.get(id) ?? 0),
    );
  const missing = async (): Promise<number> => idsOf((times) => times === 0, await counts()).length;

  const until = async (what: string, isSo: () => Promise<boolean> | boolean): Promise<void> => {
    say(what);
    const end = Date.now() + patience;
    while (!(await isSo())) {
      const failure = collector?.failure();
      if (failure !== undefined) throw new Error(`${what}: ${failure}`);
      if (Date.now() > end) {
        const lacking = `${await missing()} of ${published} logs are missing, trouble to come: ${gateway.left()}`;
        throw new Error(
          `${what}: not within ${patience / 1000} s; ${lacking}; it said: ${collector?.said()}`,
        );
      }
      await sleep(LOOK_AGAIN);
    }
  };

  const began = performance.now();
  try {
    writePageFiles(connector.name, files, gateway.url);
    await publish(FIRST);
    collector = startCollector(connector, place);
    await until('collecting what was there', async () => (await missing()) === 0);

    gateway.plan(TROUBLES);
    await publish(PART);
    await until('its answers are cut and refused', async () => gateway.left().length === 0);
    await until('collecting the same logs after all', async () => (await missing()) === 0);

    let hasGotLogs = false;
    gateway.onceAnsweredWithLogs(() => {
      hasGotLogs = true;
    });
    await publish(PART);
    await until('stopping it as it has got logs', () => hasGotLogs);
    await collector.stop();
    await publish(PART);
    collector = startCollector(connector, place);
    await until('collecting after a restart', async () => (await missing()) === 0);

    // Doubles of what came before are there by the time that a later log is.
    await publish(1);
    await until('collecting the last log', async () => (await missing()) === 0);
  } finally {
    await collector?.stop();
    await gateway.close();
  }
  const counted = await counts();
  return {
    published,
    lost: idsOf((times) => times === 0, counted),
    doubled: idsOf((times) => times > 1, counted),
    seconds: (performance.now() - began) / 1000,
  };
}

/** The folders of a connector under one for the whole run. */
export function foldersOf(
  { name }: Connector,
  installed: string,
  work: string,
): { tools: string; files: string } {
  const files = join(work, name);
  mkdirSync(files, { recursive: true });
  return { tools: join(installed, name), files };
}
