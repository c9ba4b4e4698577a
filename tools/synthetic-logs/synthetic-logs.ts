import type { Application } from '../../shared/event/bus-events.ts';
import type { SecurityLog } from '../../shared/log/security-log.ts';
import { smallLog, typicalLog } from './documents.ts';
import { createRandom } from './random.ts';
import { createSession, type Session } from './sessions.ts';
import { createVocabulary } from './vocabulary.ts';

/**
 * Security logs as a customer's users cause them, the same for the same options. The customer, its users and their
 * addresses are made up.
 */
export interface SyntheticLogOptions {
  readonly seed: number;
  /** Epoch milliseconds; no log is earlier. */
  readonly start: number;
  /** Which made-up customer: names, domains and ids differ. Default 0. */
  readonly vocabulary?: number;
  /** How many users are active at a time; their logs are interleaved. Default 400. */
  readonly sessions?: number;
  /** The mean time from one log to the next, in milliseconds. Default 4. */
  readonly meanGap?: number;
  /** Default `player`. */
  readonly application?: Application;
  /** `typical`: about 1.7 KB of JSON; `small`: at most 900 bytes, of producers that fill in less. Default `typical`. */
  readonly size?: 'typical' | 'small';
}

/** @yields logs in order of their time, without end; `JSON.stringify` of each is canonical (docs/contract.md#the-security-log) */
export function* syntheticLogs(options: SyntheticLogOptions): Generator<SecurityLog, never, void> {
  const { seed, start, sessions = 400, meanGap = 4, application = 'player', size = 'typical' } = options;
  const vocabulary = createVocabulary(options.vocabulary ?? 0);
  const random = createRandom(seed, options.vocabulary ?? 0);
  const begin = (): { session: Session; done: number } => ({
    session: createSession(random, vocabulary),
    done: 0,
  });
  // The first users are already somewhere in their process.
  const active = Array.from({ length: sessions }, begin);
  for (const user of active) user.done = random.integer(0, user.session.events.length - 1);

  const write = size === 'small' ? smallLog : typicalLog;
  let time = start;
  for (;;) {
    const index = random.integer(0, sessions - 1);
    const user = active[index] ?? begin();
    const event = user.session.events[user.done];
    if (event === undefined) {
      active[index] = begin();
      continue;
    }
    user.done += 1;
    time += random.integer(0, 2 * meanGap);
    yield write({ random, vocabulary, application, session: user.session, event, time });
  }
}

/** @returns the first `count` logs */
export function takeSyntheticLogs(count: number, options: SyntheticLogOptions): SecurityLog[] {
  const logs = syntheticLogs(options);
  return Array.from({ length: count }, () => logs.next().value);
}

/** The `Detail` of the `PutEvents` entry that tells a log: the log and the producer's own `event.id`. */
export const producerDetail = (log: SecurityLog, id: string): string =>
  JSON.stringify({ ...log, event: { ...log.event, id } });
