import { HOUR, SECOND } from '../../../../shared/time.ts';
import type { ConsumerOptions } from './consumer.ts';
import type { Mutation } from './mutant-hooks.ts';
import type { Actor, Scenario, Script } from './scenario.ts';

/**
 * What would break the feed: each trap is a change of the source, and a small case in which the simulation finds what goes
 * wrong. `npm run feed-traps` writes the table of docs/feed.md from it.
 */
export interface Trap extends Mutation {
  readonly name: string;
  /** What goes wrong, for the table. */
  readonly consequence: string;
  readonly scenario: Omit<Scenario, 'name'>;
}

const WRITE = 'shared/feed/write-batch.ts';
const RESOLVE = 'shared/feed/resolve.ts';
const SHARD_READER = 'shared/feed/shard-reader.ts';
const BEGIN = 'shared/feed/begin-reading.ts';
const FIND = 'shared/feed/find-position.ts';
const LIFETIMES = 'shared/feed/lifetimes.ts';
const READ = 'shared/feed/read-feed.ts';

const ingest = (name: string, events: string, at = 0, script: Script & { skew?: number } = {}): Actor => ({
  kind: 'ingest',
  name,
  events,
  at,
  ...script,
});
const resolve = (name: string, at = 1): Actor => ({ kind: 'resolve', name, at });
const poll = (consumer: ConsumerOptions, at = 0): Actor => ({ kind: 'poll', consumer, at });
const OLDEST: ConsumerOptions = { name: 'consumer', start: { kind: 'oldest' }, limit: 5 };
const ONE_BY_ONE: ConsumerOptions = { ...OLDEST, limit: 1 };
const FROM_NOW: ConsumerOptions = { name: 'consumer', start: { kind: 'now' }, limit: 5 };

const LATER = [{ advance: 15 * SECOND }];
const COPIES = [ingest('w1', 'a'), ingest('w2', 'a')];
const TWO_AND_HELPER = {
  actors: [ingest('w1', 'a'), ingest('w2', 'b'), resolve('h1')],
  times: LATER,
  announces: false,
};
const WITH_HELPER = { actors: [ingest('w1', 'a'), resolve('h1')], times: LATER };

export const TRAPS: readonly Trap[] = [
  {
    name: 'A reader takes every log of an intent, not the members of the seal',
    file: SHARD_READER,
    find: 'decoded.filter((_, i) => isMember[i])',
    replace: 'decoded.filter((_, i) => isMember[i] !== undefined)',
    consequence: 'a copy is in the feed twice',
    scenario: { actors: COPIES },
  },
  {
    name: 'A log that is found counts as a member, whatever slot its item names',
    file: WRITE,
    find: 'outcome.item.slot === slot',
    replace: 'outcome.item.slot !== undefined',
    consequence: 'a copy is in the feed twice',
    scenario: { actors: COPIES },
  },
  {
    name: 'A log that is found with the own slot does not count as a member',
    file: WRITE,
    find: 'outcome.item.slot === slot',
    replace: 'outcome.item.slot === undefined',
    consequence: 'a log whose writer crashed is rolled forward without it, and never shown',
    scenario: { ...WITH_HELPER, crashes: 1 },
  },
  {
    name: 'Copies in one batch are put one by one',
    file: WRITE,
    find: 'if (first) return first.then((put) => asCopy(put, at));',
    replace: '',
    consequence: 'both find the own slot, so the log is in the feed twice',
    scenario: { actors: [ingest('w1', 'aa')] },
  },
  {
    name: 'The logs do not wait for the intent',
    file: WRITE,
    find: 'const found = await table.putContent(name, intent, at + lifetime + SLOT_MARGIN);',
    replace:
      'const found = undefined as Awaited<ReturnType<FeedTable["putContent"]>>; void table.putContent(name, intent, at + lifetime + SLOT_MARGIN).catch(() => 0);',
    consequence: 'a crash leaves logs whose slot nobody can finish',
    scenario: { actors: [ingest('w1', 'a'), ingest('w2', 'b')], crashes: 1 },
  },
  {
    name: 'A writer uses a slot although the outcome of its intent is unknown',
    file: WRITE,
    find: 'const found = await table.putContent(name, intent, at + lifetime + SLOT_MARGIN);',
    replace:
      'const found = await table.putContent(name, intent, at + lifetime + SLOT_MARGIN).catch(() => undefined);',
    consequence: 'its logs are in a slot that has no intent',
    scenario: { actors: [ingest('w1', 'a')], failures: 1 },
  },
  {
    name: 'A writer uses its slot although it is void',
    file: WRITE,
    find: 'found === undefined || (found.kind',
    replace: "found?.kind === 'void' || found === undefined || (found.kind",
    consequence: 'its logs are in a slot that readers pass over',
    scenario: TWO_AND_HELPER,
  },
  {
    name: 'A writer seals although the outcome of a log is unknown',
    file: WRITE,
    find: "if (placings.some(({ kind }) => kind === 'unknown')) return;",
    replace: '',
    consequence: 'a log whose put worked after all is sealed out',
    scenario: { actors: [ingest('w1', 'a')], failures: 1 },
  },
  {
    name: 'A message is acknowledged although the outcome of its log is unknown',
    file: WRITE,
    find: "return { kind: 'failed', error: placed.error };",
    replace: "return { kind: 'stored', log: intentLog.json };",
    consequence: 'an event is lost',
    scenario: { actors: [ingest('w1', 'a')], failures: 1 },
  },
  {
    name: 'Resolving seals although the outcome of a log is unknown',
    file: RESOLVE,
    find: "for (const placing of placings) if (placing.kind === 'unknown') throw placing.error;",
    replace: '',
    consequence: 'a missing log is sealed out, and its late put is never shown',
    scenario: { ...WITH_HELPER, failures: 1, crashes: 1 },
  },
  {
    name: 'A message is acknowledged although the bus did not take its announcement',
    file: 'functions/ingest/ingest.ts',
    find: "return error === undefined ? outcome : { kind: 'failed', error };",
    replace: 'return outcome;',
    consequence: 'a stored log is never announced',
    scenario: { actors: [ingest('w1', 'a')], failures: 1 },
  },
  {
    name: 'Resolving does not announce the logs',
    file: RESOLVE,
    find: 'await announce(decoded.map(({ resolved }) => resolved).filter((_, i) => isMember[i]));',
    replace: '',
    consequence: 'nobody announces a log whose message ends as a dead letter',
    scenario: { ...WITH_HELPER, crashes: 1 },
  },
  {
    name: 'Resolving seals before it announces',
    file: RESOLVE,
    find: 'await announce(decoded',
    replace:
      'await table.putSeal(name, encodeSeal(isMember), at + lifetime + SLOT_MARGIN); await announce(decoded',
    consequence: 'a crash between them leaves logs that nobody announces',
    scenario: { ...WITH_HELPER, crashes: 1 },
  },
  {
    name: 'Resolving takes a gap for void although the intent came first',
    file: RESOLVE,
    find: "return found === undefined || found.kind === 'void';",
    replace: 'return true;',
    consequence:
      'an open slot counts as settled: the schedule does not finish it, and a consumer that begins now begins after it',
    scenario: { ...TWO_AND_HELPER, crashes: 1 },
  },
  {
    name: 'Everything up to the last number counts as settled',
    file: RESOLVE,
    find: 'await table.noteSettled(shard, number)',
    replace: 'await table.noteSettled(shard, last)',
    consequence: 'nobody finishes a slot, and a consumer that begins now begins after it',
    scenario: {
      actors: [ingest('w1', 'a'), ingest('w2', 'b', 0, { crashesBefore: 'log' }), resolve('h1')],
      times: [{ advance: SECOND }],
      announces: false,
    },
  },
  {
    name: 'The age of a gap is taken from the clock, not from a later slot',
    file: RESOLVE,
    find: 'return voidGap(options, table, head, name, datedAt(following), report);',
    replace: 'return voidGap(options, table, head, name, options.now(), report);',
    consequence: 'the age never comes, and the shard stops for good',
    scenario: { actors: [ingest('w1', 'a'), ingest('w2', 'b')], crashes: 1 },
  },
  {
    name: 'A reader shows a slot that is not sealed',
    file: SHARD_READER,
    find: "if (seal === undefined) return 'open';",
    replace:
      'if (seal === undefined) return { at: content.at, readableUntil: Infinity, logs: decoded.slice(members) };',
    consequence: 'it shows logs that are not here, or not yet',
    scenario: { actors: [...COPIES, poll(OLDEST)], announces: false },
  },
  {
    name: 'A reader passes over a gap',
    file: SHARD_READER,
    find: "const opened = isGap() ? 'open' : openSlot(seen[0], members);",
    replace: 'number = seen[0].number - 1; const opened = openSlot(seen[0], members);',
    consequence: 'what is written there appears behind a cursor that was given out',
    scenario: { actors: [ingest('w1', 'a'), ingest('w2', 'b'), poll(OLDEST)], announces: false },
  },
  {
    name: 'A cursor forgets how many logs of a slot were taken',
    file: SHARD_READER,
    find: 'decoded.filter((_, i) => isMember[i]).slice(members)',
    replace: 'decoded.filter((_, i) => isMember[i])',
    consequence: 'a cut answer gives logs again',
    scenario: { actors: [ingest('w1', 'ab')], announces: false },
  },
  {
    name: 'The time of a cursor is now, although there is a later slot',
    file: SHARD_READER,
    find: 'return seenAt() ?? (',
    replace: 'return startedAt; return seenAt() ?? (',
    consequence: 'what expires while the consumer is away is taken for never written: logs are lost silently',
    scenario: {
      actors: [ingest('w1', 'ab'), poll(ONE_BY_ONE, 1), poll(ONE_BY_ONE, 2)],
      times: [{ advance: 30 * HOUR }, { advance: 30 * HOUR }],
      expiry: true,
      announces: false,
    },
  },
  {
    name: 'A consumer that begins now begins at the number of the head',
    file: FIND,
    find: 'let number = head.settled.get(shard) ?? BEGINNING.number;',
    replace: 'let number = head.numbers.get(shard) ?? BEGINNING.number;',
    consequence: 'a batch in flight appears behind the cursor',
    scenario: { actors: [ingest('w1', 'a'), poll(FROM_NOW)], announces: false },
  },
  {
    name: 'A start time allows for no difference of clocks',
    file: BEGIN,
    find: 'positionBefore(table, head, shard, since - MOST_SKEW)',
    replace: 'positionBefore(table, head, shard, since)',
    consequence: 'a slot whose writer has a slow clock hides those before it',
    scenario: {
      actors: [
        ingest('w1', 'a', 1),
        ingest('w2', 'b', 2, { skew: -120 * SECOND }),
        poll(
          { name: 'consumer', start: { kind: 'since', since: Date.UTC(2026, 10, 21, 9, 1) }, limit: 5 },
          3,
        ),
      ],
      times: [{ advance: 60 * SECOND }, { advance: 2 * SECOND }, { advance: 2 * SECOND }],
      announces: false,
    },
  },
  {
    name: 'Only the present lifetime counts',
    file: LIFETIMES,
    find: 'return Math.min(...inForce.map(({ hours }) => hours)) * HOUR;',
    replace: 'return (inForce.at(-1)?.hours ?? 0) * HOUR;',
    consequence:
      'after the lifetime was raised, expired slots are taken for never written: logs are lost silently',
    scenario: {
      actors: [
        ingest('w1', 'a'),
        poll(ONE_BY_ONE, 1),
        ingest('w2', 'b', 1),
        ingest('w3', 'c', 2),
        poll(ONE_BY_ONE, 3),
      ],
      times: [{ advance: 10 * SECOND }, { advance: 50 * HOUR, retentionHours: 200 }, { advance: 20 * HOUR }],
      expiry: true,
      announces: false,
    },
  },
  {
    name: 'A cursor of another epoch is taken for one of this table',
    file: BEGIN,
    find: "epoch !== '' && head?.epoch !== epoch;",
    replace: "epoch !== '' && head?.epoch === '';",
    consequence:
      'after the table was restored, its new logs are skipped without a word, or the cursor is refused',
    scenario: {
      actors: [ingest('w1', 'a'), ingest('w2', 'b', 1), poll(OLDEST, 2), poll(OLDEST, 3)],
      times: [{ advance: 2 * SECOND }, { advance: 2 * SECOND }, { advance: 2 * SECOND, restore: 1 }],
      announces: false,
    },
  },
  {
    name: 'A cursor is judged by a head that may be old',
    file: BEGIN,
    find: '// The head that was read may be an older one.\n    head = await table.readHead({ consistent: true });',
    replace: 'head = await table.readHead({ consistent: false });',
    consequence: 'a good cursor is refused',
    scenario: {
      actors: [ingest('w1', 'a'), ingest('w2', 'b', 1), poll(OLDEST, 2), poll(OLDEST, 3)],
      times: [{ advance: SECOND }, { advance: SECOND }, { advance: SECOND }],
      announces: false,
      staleReads: 2,
    },
  },
  {
    name: 'A shard that waits for an open slot counts as more',
    file: READ,
    find: 'if (shard.next() !== undefined) return true;',
    replace: 'if (shard.next() !== undefined || shard.unresolved(Infinity)) return true;',
    consequence: 'a consumer asks again and again and gets nothing',
    scenario: { actors: [ingest('w1', 'a')], crashes: 1, announces: false },
  },
  {
    name: 'A reader waits for a slot that nobody finishes any more',
    file: SHARD_READER,
    find: "if (at === undefined || !isOver(at)) return 'open';",
    replace: "return 'open';",
    consequence: 'what has half expired stops its shard after the lifetime was raised',
    scenario: {
      actors: [ingest('w1', 'a'), ingest('w2', 'b', 1)],
      times: [{ advance: 30 * HOUR }, { advance: 30 * HOUR, retentionHours: 200 }],
      expiry: true,
      announces: false,
    },
  },
  {
    name: 'A reader stops at the first slot, although it does not know its time',
    file: SHARD_READER,
    find: "while (!isAllSeen && seenAt() === undefined && (next === 'open' || lastAt === undefined));",
    replace: 'while (false);',
    consequence:
      'where only seals are left, the cursor has the time of now: what expires after them is lost silently',
    scenario: {
      actors: [
        ...[1, 2, 3, 4].map((i) => ingest(`w${i}`, 'acde'.charAt(i - 1), i - 1)),
        ingest('w5', 'b', 4),
        poll(ONE_BY_ONE, 5),
        poll(ONE_BY_ONE, 6),
      ],
      times: [
        ...[1, 2, 3].map(() => ({ advance: SECOND })),
        { advance: 30 * HOUR },
        { advance: 30 * HOUR, expires: 'intents' },
        { advance: 40 * HOUR, expires: 'all' },
      ],
      announces: false,
    },
  },
  {
    name: 'A lifetime that has just ended does not count',
    file: LIFETIMES,
    find: 'const OVERLAP = 1 * HOUR;',
    replace: 'const OVERLAP = 0;',
    consequence:
      'a batch in flight is written under the lifetime before, and expires unnoticed after the lifetime was raised',
    scenario: {
      actors: [
        ingest('w1', 'a'),
        ingest('w2', 'b', 1, { waits: { before: 'intent', until: 4 } }),
        ingest('w3', 'c', 2),
        poll(OLDEST, 3),
        poll(OLDEST, 5),
      ],
      times: [
        { advance: HOUR },
        { advance: 10 * SECOND, retentionHours: 200 },
        { advance: 10 * SECOND },
        { advance: 10 * SECOND },
        { advance: 70 * HOUR, expires: 'all' },
      ],
      announces: false,
    },
  },
  {
    name: 'Resolving voids a number whose slot may have expired',
    file: RESOLVE,
    find: 'if (mayHaveExpired(head.lifetimes, laterAt, now())) return true;',
    replace: '',
    consequence: 'voids are written whose own time is over',
    scenario: {
      actors: [ingest('w1', 'a'), ingest('w2', 'b')],
      times: [{ advance: 61 * HOUR }],
      expiry: true,
      announces: false,
    },
  },
  {
    name: 'Resolving finishes slots whose lifetime is over',
    file: RESOLVE,
    find: 'if (now() - at >= lifetime) return true;',
    replace: '',
    consequence: 'logs come back that have expired',
    scenario: {
      actors: [ingest('w1', 'a')],
      times: [{ advance: 61 * HOUR }],
      crashes: 1,
      expiry: true,
      announces: false,
    },
  },
];
