import { HOUR } from '../../../../shared/time.ts';
import type { Service } from '../../feed/simulation/service.ts';
import { logName } from '../../feed/simulation/stored-log.ts';
import type { SimulatedArchive, WrittenObject } from './simulated-archive.ts';

/** More than clocks differ, and more than a batch takes. */
const TOLERANCE = 10 * 60_000;

interface Line {
  readonly name: string;
  readonly created: number;
}

export function linesOf({ content }: Pick<WrittenObject, 'content'>): Line[] {
  return content
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const { event } = JSON.parse(line) as { event: { id: string; created: string } };
      const created = Date.parse(event.created);
      return { name: logName(event.id, created), created };
    });
}

/**
 * Checks a service and an archive that have come to rest (docs/custom-services.md#files-with-many-logs).
 *
 * @param retentionHours how long logs could be read
 * @returns what is not as promised
 */
export function brokenPromises(
  service: Service,
  archive: SimulatedArchive,
  retentionHours: number,
): string[] {
  const objects = [...archive.objects.values()];
  return [
    ...notOnce(service, archive, retentionHours),
    ...notTheSame(archive),
    ...notInOrder(service, objects),
    ...wronglyDescribed(objects),
    ...untold(archive),
  ];
}

/** Every log is in one object, or an object says that logs of its time are missing. */
function notOnce(service: Service, archive: SimulatedArchive, retentionHours: number): string[] {
  const objects = [...archive.objects.values()];
  const broken: string[] = [];
  const found = new Map<string, string>();
  for (const object of objects)
    for (const { name } of linesOf(object)) {
      const other = found.get(name);
      if (other !== undefined) broken.push(`${name} is in ${other} and in ${object.batch.name}`);
      found.set(name, object.batch.name);
      if (!service.stored.has(name)) broken.push(`${name} is in ${object.batch.name}, and was never stored`);
    }
  const gaps = objects.flatMap(({ batch, missing }) => {
    const since = [batch.gapSince ?? [], missing > 0 ? batch.oldestAt : []].flat();
    return since.map((from) => ({
      from: from - TOLERANCE,
      until: batch.chosenAt - retentionHours * HOUR + TOLERANCE,
      missing,
    }));
  });
  for (const [name, { createdAt, slot }] of service.stored) {
    if (!service.sealed.has(slot) || found.has(name)) continue;
    if (createdAt + retentionHours * HOUR < archive.beganAt() + TOLERANCE) continue;
    const isTold = gaps.some(
      ({ from, until, missing }) => from <= createdAt && (missing > 0 || createdAt <= until),
    );
    if (!isTold) broken.push(`${name} is in no object, and no object says so`);
  }
  return broken;
}

/** Whoever writes an object writes the same, but for what has expired meanwhile. */
function notTheSame({ puts, objects }: SimulatedArchive): string[] {
  return puts.flatMap((put) => {
    const first = objects.get(put.batch.name) as WrittenObject;
    const isSame = put.content === first.content;
    const hasExpired = put.missing > 0 || first.missing > 0;
    return isSame || hasExpired ? [] : [`${put.batch.name} was written with other content`];
  });
}

/** The slots of each shard come in their order. */
function notInOrder(service: Service, objects: readonly WrittenObject[]): string[] {
  const last = new Map<string, number>();
  const broken: string[] = [];
  for (const object of objects)
    for (const { name } of linesOf(object)) {
      const [shard = '', number] = (service.stored.get(name)?.slot ?? '').split('.');
      if (Number(number) < (last.get(shard) ?? 0)) broken.push(`${name} comes too late`);
      last.set(shard, Number(number));
    }
  return broken;
}

/** The name has the hour of the oldest log, and the counts are those of the lines. */
function wronglyDescribed(objects: readonly WrittenObject[]): string[] {
  return objects.flatMap((object) => {
    const { batch, missing } = object;
    const lines = linesOf(object);
    const broken: string[] = [];
    if (lines.length !== batch.logs - missing)
      broken.push(`${batch.name} has ${lines.length} lines, and says ${batch.logs} less ${missing}`);
    const oldest = new Date(Math.min(...lines.map(({ created }) => created)));
    if (lines.length > 0 && missing === 0) {
      const [date, time] = oldest.toISOString().split('T') as [string, string];
      if (!batch.name.startsWith(`dt=${date}/hr=${time.slice(0, 2)}/`))
        broken.push(`${batch.name} has a log of ${oldest.toISOString()}`);
    }
    if (lines.length === 0 && batch.gapSince === undefined && missing === 0)
      broken.push(`${batch.name} is empty for no reason`);
    return broken;
  });
}

/** What is missing was counted. */
const untold = ({ objects, told }: SimulatedArchive): string[] =>
  [...objects.values()]
    .filter(({ batch }) => !told.some((object) => object.batch.name === batch.name))
    .map(({ batch }) => `${batch.name} was never counted`);
