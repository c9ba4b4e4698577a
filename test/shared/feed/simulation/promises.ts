import { LOG_MARGIN } from '../../../../shared/feed/lifetimes.ts';
import { MINUTE } from '../../../../shared/time.ts';
import { type Consumer, consumer, type Progress, TOLERANCE } from './consumer.ts';
import type { Service } from './service.ts';
import { logName, readableUntil, type StoredLog } from './stored-log.ts';

/** Brings a service to rest, and checks what the feed promises (docs/contract.md#the-feed). */

const ROUNDS = 8;
const MOST_ANSWERS = 300;

/** @returns once nothing moves any more. What was not as promised is reported to the service */
export async function checkPromises(service: Service): Promise<void> {
  await service.processes.finish();
  await follow(service, probe(1), false);
  await checkAtRest(service);
  if (!service.processes.hasLate()) return;
  service.processes.arriveAll();
  await checkAtRest(service);
}

async function checkAtRest(service: Service): Promise<void> {
  await comeToRest(service);
  for (const slot of service.unsealedSlots()) service.report(`${slot} stays open`);
  for (const one of service.consumers) {
    await follow(service, one);
    if (one.progress) checkComplete(service, one, one.progress);
  }
  for (const one of service.consumers) {
    for (const progress of [...one.given.values()]) {
      if (progress.epoch !== service.restorations()) continue;
      const again = consumer(one.options, progress);
      await follow(service, again);
      checkComplete(service, again, again.progress as Progress);
    }
  }
  const all = probe(3);
  await follow(service, all);
  checkWindow(service, all);
}

const probe = (limit: number): Consumer =>
  consumer({ name: `a consumer of ${limit}`, start: { kind: 'oldest' }, limit });

/** What is not acknowledged comes again, and the schedule resolves, until all is stored and every slot is settled. */
async function comeToRest(service: Service): Promise<void> {
  const { processes, published, acknowledged, violation, report } = service;
  let left: unknown;
  for (let round = 0; round < ROUNDS && violation() === undefined; round++) {
    const events = [...published].filter((event) => !acknowledged.has(event));
    if (events.length > 0) service.ingest({ name: `retry ${round}`, events });
    await processes.finish();
    processes.advance(MINUTE);
    const outcome = service.resolve({ name: 'the schedule', request: { kind: 'all' } });
    await processes.finish();
    left = outcome.error ?? (outcome.openSlots ?? 0) - service.numbersWithoutSlots();
    if (events.length === 0 && left === 0) return;
  }
  report(`the feed does not come to rest (open slots: ${left})`);
}

/** The consumer asks until there is no more. What holds it up is resolved, unless `resolves` is false. */
async function follow(service: Service, one: Consumer, resolves = true): Promise<void> {
  const { report, violation, processes } = service;
  for (let answers = 0; violation() === undefined; answers++) {
    const before = one.progress;
    service.poll(one);
    await processes.finish();
    const after = one.progress;
    if (after === undefined || answers > MOST_ANSWERS) return report(`${one.options.name} gets no end`);
    if (before?.hasMore && after.cursor === before.cursor)
      return report(`${one.options.name} was told that there is more, and did not move on`);
    const heldUp = resolves ? after.unresolved : [];
    for (const name of heldUp)
      service.resolve({ name: `for ${one.options.name}`, request: { kind: 'slot', ...name } });
    await processes.finish();
    const wasHeldUp = resolves && before !== undefined && before.unresolved.length > 0;
    if (answers === 0 || before?.hasMore || wasHeldUp || heldUp.length > 0) continue;
    const news = [...after.taken].filter((log) => !before?.taken.has(log));
    if (news.length > 0) report(`${one.options.name} was told that there is no more than ${news}`);
    return;
  }
}

/**
 * Whether a log is a copy that came while the item of its first log was kept. It can be stored all the same, if that item expires
 * while two processes finish the copy's slot: one finds the first log, and seals without the copy; the other finds nothing,
 * and stores it. Consumers have got the event with its first log, and the feed may lack the copy.
 */
function isCopy(service: Service, { id, createdAt }: StoredLog): boolean {
  return [...service.stored.values()].some(
    (first) => first.id === id && first.createdAt < createdAt && createdAt < first.readableUntil + LOG_MARGIN,
  );
}

/** Whoever takes whole answers gets every log that is stored, from its start on, unless the feed stated a gap. */
function checkComplete(
  service: Service,
  { options }: Consumer,
  { taken, gaps, beganAt, retentionAtBegin, sealedBefore }: Progress,
): void {
  for (const [name, log] of service.stored) {
    const { start, applications } = options;
    if (taken.has(name) || (applications && !applications.includes(log.application))) continue;
    if (start.kind === 'since' && log.createdAt < start.since) continue;
    if (start.kind === 'now' && sealedBefore.has(name)) continue;
    if (readableUntil(log, retentionAtBegin) <= beganAt + TOLERANCE || isCopy(service, log)) continue;
    const isStated = gaps.some(
      ({ since, at, retention }) =>
        since - TOLERANCE <= log.createdAt && readableUntil(log, retention) <= at + TOLERANCE,
    );
    if (!isStated) service.report(`${options.name} never got ${name}`);
  }
  for (const name of taken) {
    const log = service.stored.get(name);
    if (log === undefined) service.report(`${options.name} got ${name}, which is not stored`);
    else if (
      options.start.kind === 'since' &&
      service.restorations() === 0 &&
      log.createdAt < options.start.since - TOLERANCE
    )
      service.report(`${options.name} got ${name}, which was stored before its start time`);
  }
}

/** The feed has the logs that a window shows, and no others. */
function checkWindow(service: Service, { progress }: Consumer): void {
  const taken = new Set(progress?.taken);
  const now = service.processes.now();
  for (const log of service.windowLogs()) {
    const name = logName(log.id, log.createdAt);
    const isReadable = readableUntil(log, service.retentionHours()) > now + TOLERANCE;
    if (isReadable && !taken.has(name) && !isCopy(service, log))
      service.report(`a window shows ${name}, and the feed does not`);
    taken.delete(name);
  }
  if (taken.size > 0) service.report(`the feed shows ${[...taken]}, and no window does`);
}
