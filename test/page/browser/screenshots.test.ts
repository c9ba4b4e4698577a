import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoEvents } from '../../../local/demo/demo-events.ts';
import { startCannedService } from '../../../page/preview/canned-service.ts';
import { CHROMIUM, launchBrowser, loaded, openPage } from './browser.ts';
import { toSecurityLog } from './demo-logs.ts';

/** The pictures of docs/page.md. The variable SCREENSHOTS names the folder that they are written to. */
const KEY = 'local';
const END = Date.UTC(2026, 10, 21, 10);
const RANGE = `from=${new Date(END - 3_600_000).toISOString()}&until=${new Date(END).toISOString()}`;

describe.skipIf(CHROMIUM === undefined)('a picture of the page', { timeout: 120_000 }, () => {
  let folder = process.env['SCREENSHOTS'] ?? '';
  const isKept = folder !== '';
  let browser: Awaited<ReturnType<typeof launchBrowser>>;
  let service: Awaited<ReturnType<typeof startCannedService>>;
  beforeAll(async () => {
    if (!isKept) folder = await mkdtemp(join(tmpdir(), 'screenshots-test-'));
    browser = await launchBrowser();
    const lines = demoEvents(END, 7).map((event) => JSON.stringify(toSecurityLog(event)));
    service = await startCannedService({ lines, key: KEY });
  }, 60_000);
  afterAll(async () => {
    await service.close();
    await browser.close();
    if (!isKept) await rm(folder, { recursive: true });
  });

  test.each([
    ['light', 'events', false],
    ['dark', 'processes', true],
  ])('%s, with %s', async (theme, view, hasStory) => {
    const { page, problems, close } = await openPage(
      browser,
      `${service.url}#${RANGE}&theme=${theme}&view=${view}&key=${KEY}`,
    );
    await loaded(page);
    if (hasStory) {
      await page.locator('.processes button').first().click();
      await page.getByText('Authentication failed 3 times, then it succeeded.').waitFor();
    } else await page.getByRole('grid').getByRole('row').nth(5).waitFor();
    const path = join(folder, `page-${theme}.png`);
    await page.screenshot({ path });
    expect((await readFile(path)).length).toBeGreaterThan(20_000);
    expect(await problems()).toEqual([]);
    await close();
  });
});
