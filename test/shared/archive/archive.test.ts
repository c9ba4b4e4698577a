import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type ArchiveOptions,
  archiver,
  type BatchObject,
  type VersionedState,
} from '../../../shared/archive/archive.ts';
import { compressLines } from '../../../shared/archive/compress-lines.ts';
import { feedReader } from '../../../shared/feed/read-feed.ts';
import { rangeReader } from '../../../shared/feed/read-range.ts';
import { dynamoDbArchiveStates } from '../../../shared/store/archive/dynamodb-archive-states.ts';
import { dynamoDbFeedTable } from '../../../shared/store/feed/dynamodb-feed-table.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { log } from '../../fixtures/identified-logs.ts';

const freshFeed = feedMaker();
let feed: Feed;
let archive: ReturnType<typeof makeArchive>;
beforeEach(async () => {
  feed = await freshFeed();
  archive = makeArchive();
});

const { signal } = new AbortController();
const logsOf = (...ids: string[]) => ids.map((id) => log(START, id));
const FORM: ArchiveOptions['form'] = {
  format: 'published',
  ocsfVersion: '1.1.0',
  ocsfUser: 'label.rid',
  compression: 'gzip',
};

/** An archive of the feed of the test, with files in memory. */
function makeArchive() {
  const files: BatchObject[] = [];
  const ages: number[] = [];
  const trouble: { failing: boolean } = { failing: false };
  const table = { client: feed.client, tableName: feed.tableName };
  const states = dynamoDbArchiveStates(table);
  const openTable = dynamoDbFeedTable(table);
  const now = () => feed.clock.now;
  return {
    files,
    ages,
    trouble,
    state: (): Promise<VersionedState> => states.read(signal),
    async run(others: Partial<ArchiveOptions> = {}) {
      const run = archiver({
        states,
        readFeed: feedReader({ openTable, retentionHours: 48, now }),
        readRange: rangeReader({ openTable, now }),
        compress: compressLines,
        objects: {
          async put(object) {
            if (trouble.failing) throw new Error('the bucket is gone');
            files.push(object);
          },
        },
        form: FORM,
        bounds: { maxBytes: 1_000_000, maxAgeMs: 5 * MINUTE },
        retentionHours: 48,
        now,
        report: { age: (ms) => ages.push(ms), written: () => undefined },
        ...others,
      });
      await run(feed.clock.now + MINUTE, signal);
    },
    lines: (): string[] => files.flatMap(linesOf),
    ids: (): string[][] => files.map((file) => linesOf(file).map((line) => JSON.parse(line).event.id)),
  };
}

function linesOf({ batch, content }: BatchObject): string[] {
  const text = (batch.form.compression === 'gzip' ? gunzipSync : zstdDecompressSync)(content).toString();
  return text.split('\n').slice(0, -1);
}

describe('a file', () => {
  test('is written when its oldest log is old enough, with all logs until then', async () => {
    await feed.write(logsOf('a', 'b'));
    feed.clock.now += 4 * MINUTE;
    await feed.write(logsOf('c'), { shard: 1 });
    await archive.run();
    expect(archive.files).toEqual([]);
    feed.clock.now += MINUTE;
    await archive.run();
    expect(archive.ids()).toEqual([['a', 'b', 'c']]);
    expect(archive.lines()).toEqual((await feed.read()).logs.map(String));
    expect(archive.ages).toEqual([4 * MINUTE, 5 * MINUTE, 5 * MINUTE, 0]);
  });

  test('is written at once when it is large enough', async () => {
    await feed.write(logsOf(...Array.from({ length: 100 }, (_, i) => `id-${i}`)));
    await archive.run({ bounds: { maxBytes: 5_000, maxAgeMs: HOUR } });
    const sizes = archive.files.map((file) => linesOf(file).reduce((sum, line) => sum + line.length + 1, 0));
    expect(sizes.length).toBeGreaterThan(2);
    // One more log is taken where there is hardly any room left.
    for (const size of sizes) expect(Math.abs(size - 5_000)).toBeLessThan(400);
    const written = archive.ids().flat();
    expect(written).toEqual(Array.from({ length: written.length }, (_, i) => `id-${i}`));
    // The rest is not old enough.
    expect(written.length).toBeLessThan(100);
    feed.clock.now += HOUR;
    await archive.run({ bounds: { maxBytes: 5_000, maxAgeMs: HOUR } });
    expect(archive.ids().flat()).toHaveLength(100);
  });

  test('is not written while nothing is new', async () => {
    await feed.write(logsOf('a'));
    feed.clock.now += 10 * MINUTE;
    for (let i = 0; i < 5; i++) {
      await archive.run();
      feed.clock.now += HOUR;
    }
    expect(archive.ids()).toEqual([['a']]);
  });

  test('has its partition by the hour in which its oldest log was stored', async () => {
    feed.clock.now = Date.UTC(2026, 10, 22, 23, 59, 59);
    await feed.write(logsOf('a'));
    feed.clock.now += 5 * MINUTE;
    await feed.write(logsOf('b'), { shard: 2 });
    await archive.run();
    expect(archive.files.map(({ batch }) => batch.name)).toEqual([
      expect.stringMatching(
        /^dt=2026-11-22\/hr=23\/security-logs-20261122T235959000Z-[0-9a-f]{16}\.ndjson\.gz$/,
      ),
    ]);
  });
});

describe('after a failure', () => {
  test('the same logs are written in the same form, whatever came and was deployed meanwhile', async () => {
    await feed.write(logsOf('a', 'b'));
    feed.clock.now += 5 * MINUTE;
    archive.trouble.failing = true;
    await expect(archive.run()).rejects.toThrow('the bucket is gone');
    const { batch } = await archive.state();
    expect(batch?.logs).toBe(2);
    await feed.write(logsOf('c'), { shard: 3 });
    feed.clock.now += 5 * MINUTE;
    archive.trouble.failing = false;
    await archive.run({
      form: { ...FORM, format: 'ecs', compression: 'zstd' },
      bounds: { maxBytes: 1, maxAgeMs: 0 },
    });
    const [first, second] = archive.files as [BatchObject, BatchObject];
    expect(first.batch).toEqual({ ...batch });
    expect(archive.lines().slice(0, 2)).toEqual((await feed.read({ limit: 2 })).logs.map(String));
    expect(second.batch.name).toMatch(/\.ndjson\.zst$/);
    expect(JSON.parse(linesOf(second)[0] ?? '').event).toMatchObject({ id: 'c', dataset: 'easysend.player' });
  });

  test('of more than a lifetime, the file says what is missing', async () => {
    await feed.write(logsOf('a', 'b'));
    feed.clock.now += 5 * MINUTE;
    archive.trouble.failing = true;
    await expect(archive.run()).rejects.toThrow();
    feed.clock.now += 60 * HOUR;
    await feed.write(logsOf('c'));
    feed.clock.now += 5 * MINUTE;
    archive.trouble.failing = false;
    await archive.run();
    expect(archive.ids()).toEqual([[], ['c']]);
    expect(archive.files[0]).toMatchObject({ missing: 2, batch: { logs: 2 } });
    expect(archive.ages.at(2)).toBe(60 * HOUR + 10 * MINUTE);
  });
});

describe('an archive that begins', () => {
  test('has every log that is kept, and misses nothing of before', async () => {
    await feed.write(logsOf('expired'));
    feed.clock.now += 49 * HOUR;
    await feed.write(logsOf('kept'));
    feed.clock.now += HOUR;
    await archive.run();
    expect(archive.ids()).toEqual([['kept']]);
    const [{ missing, batch } = {}] = archive.files;
    expect([missing, batch?.gapSince]).toEqual([0, undefined]);
  });

  test('in an empty table says of the first log that none is missing, however late it comes', async () => {
    for (let i = 0; i < 100; i++) {
      await archive.run();
      feed.clock.now += HOUR;
    }
    await feed.write(logsOf('a'));
    feed.clock.now += 5 * MINUTE;
    await archive.run();
    expect(archive.ids()).toEqual([['a']]);
    expect(archive.files[0]?.batch.gapSince).toBeUndefined();
  });

  test('says since when logs are missing if it could not write for longer than they are kept', async () => {
    await feed.write(logsOf('a'));
    await archive.run();
    await feed.write(logsOf('b'), { shard: 1 });
    feed.clock.now += 60 * HOUR;
    await feed.write(logsOf('c'), { shard: 1 });
    await archive.run();
    expect(archive.ids()).toEqual([['c']]);
    expect(archive.files[0]?.batch.gapSince).toBe(START);
  });
});

describe('an idle archive', () => {
  test('saves its cursor now and then, so that what was never there is not taken for expired', async () => {
    await feed.write(logsOf('a'));
    feed.clock.now += 5 * MINUTE;
    await archive.run();
    const revisions = new Set<number>();
    for (let minute = 0; minute < 60; minute++) {
      feed.clock.now += MINUTE;
      await archive.run();
      revisions.add((await archive.state()).revision);
    }
    expect(revisions.size).toBe(5);
    // A number that nobody wrote to: it leaves nothing after its void has expired.
    await feed.table.allocate(0, { epoch: '', lifetimes: [] });
    for (let i = 0; i < 70; i++) {
      feed.clock.now += HOUR;
      await archive.run();
    }
    expect(archive.ids()).toEqual([['a']]);
    expect(archive.ages.at(-1)).toBe(0);
  });

  test('begins no further file when its time is up', async () => {
    await feed.write(logsOf(...Array.from({ length: 100 }, (_, i) => `id-${i}`)));
    const now = () => (feed.clock.now += 20 * SECOND);
    await archive.run({ now, bounds: { maxBytes: 1_000, maxAgeMs: HOUR } });
    expect(archive.files.length).toBeLessThan(3);
  });
});
