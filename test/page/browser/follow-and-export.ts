import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { KEY, type PageFixture, statusOf } from './page-fixture.ts';

const HOUR = 3_600_000;

/** Following the feed, and exporting what is shown. */
export function followAndExportTests({ openLoaded }: PageFixture): void {
  test('follows: new logs come in, and wait while one reads further down', async () => {
    const { service, page } = await openLoaded();
    const log = (n: number) =>
      JSON.stringify({
        '@timestamp': new Date(Date.now() - n).toISOString(),
        event: { id: `new-${n}`, created: new Date().toISOString(), action: 'COMPLETED' },
        label: { app_type: 'player', rid: `new-${n}` },
      });
    await page.getByRole('button', { name: 'Follow' }).click();
    service.store(log(1));
    await statusOf(page).getByText('2,001 logs').waitFor();
    const grid = page.getByRole('grid', { name: 'Logs' });
    await grid.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('PageDown');
    await expect
      .poll(() => page.evaluate(`document.querySelector('[role=grid]').scrollTop`))
      .toBeGreaterThan(100);
    service.store(log(2), log(3));
    const waiting = page.getByRole('button', { name: '2 new logs waiting: show them' });
    await waiting.click();
    await statusOf(page).getByText('2,003 logs').waitFor();
  });

  test('exports what is shown: the very lines of the API, and cells without formulas', async () => {
    const { service, page } = await openLoaded();
    const download = async (name: string): Promise<string> => {
      await page.getByText('Export', { exact: true }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return readFile(await file.path(), 'utf8');
    };
    const query = new URLSearchParams({
      start_time: new Date(Date.now() - HOUR).toISOString(),
      end_time: new Date().toISOString(),
      order: 'desc',
    });
    const api = service.url.replace('security-logs', 'api/get-security-logs');
    const answer = await (await fetch(`${api}?${query}`, { headers: { apiKey: KEY } })).text();
    expect(await download('What is shown, as NDJSON')).toBe(answer);
    await page.getByRole('button', { name: 'Time, newest first' }).click();
    const oldestFirst = answer.trimEnd().split('\n').reverse().join('\n');
    expect(await download('What is shown, as NDJSON')).toBe(`${oldestFirst}\n`);
    const csv = await download('What is shown, as CSV');
    expect(csv.split('\r\n')).toHaveLength(2002);
    expect(csv).toMatch(/,'\+\d/);
    expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
  });
}
