import { describe, expect, test } from 'vitest';
import { archiveWalk } from './simulation/archive-walk.ts';

/** ARCHIVE_SEED walks again from a seed that a failure has printed; ARCHIVE_WALKS says how many walks to take. */
const first = Number(process.env['ARCHIVE_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));
const count = Number(process.env['ARCHIVE_WALKS'] ?? (process.env['ARCHIVE_SEED'] === undefined ? 25 : 1));
const seeds = Array.from({ length: count }, (_, i) => first + i);
const timeout = 60_000 + count * 2_000;

/**
 * Runs of the archive work side by side. Each of their requests is done at any time, twice, late or never, and each run may
 * end at any await.
 */
describe('the archive', () => {
  test('puts every log into exactly one file, and says nothing of missing logs', { timeout }, async () => {
    let written = 0;
    for (const seed of seeds) {
      const { broken, steps, archive } = await archiveWalk(seed, false);
      expect(broken, `ARCHIVE_SEED=${seed}\n${steps.slice(-80).join('\n')}`).toEqual([]);
      for (const { batch, missing } of archive.objects.values())
        expect([batch.gapSince, missing], `ARCHIVE_SEED=${seed}`).toEqual([undefined, 0]);
      written += archive.objects.size;
    }
    expect(written).toBeGreaterThan(count);
  });

  test('says so where logs expired before they were in a file', { timeout }, async () => {
    for (const seed of seeds) {
      const { broken, steps } = await archiveWalk(seed, true);
      expect(broken, `ARCHIVE_SEED=${seed}\n${steps.slice(-80).join('\n')}`).toEqual([]);
    }
  });

  test('does the same each time for the same seed', async () => {
    const texts = [
      await archiveWalk(first, true),
      await archiveWalk(first, true),
      await archiveWalk(first + 1, true),
    ].map(({ steps }) => steps.join('\n'));
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });
});
