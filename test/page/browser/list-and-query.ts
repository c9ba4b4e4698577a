import { expect, test } from 'vitest';
import { loaded } from './browser.ts';
import { FEW, linesOf, type PageFixture, queryOf, statusOf } from './page-fixture.ts';

/** The list, the histogram, the values and the query. */
export function listAndQueryTests({ openLoaded }: PageFixture): void {
  test('shows 100,000 logs, and any of them by keys', async () => {
    const lines = linesOf(100_000);
    const { page } = await openLoaded({ lines });
    expect(await statusOf(page).innerText()).toContain('100,000 logs');
    const grid = page.getByRole('grid', { name: 'Logs' });
    await grid.focus();
    await page.keyboard.press('End');
    const oldest = JSON.parse(lines[0] ?? '')
      ['@timestamp'].replace('T', ' ')
      .replace('Z', '');
    await grid.getByRole('row').filter({ hasText: oldest }).first().waitFor();
    expect(await grid.getByRole('row').count()).toBeLessThan(100);
  });

  test('zooms by dragging, by a click on a bar and by keys, and out again', async () => {
    const { page } = await openLoaded();
    const plot = page.getByRole('slider');
    const box = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 50, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => queryOf(page).inputValue()).toMatch(/^time:\S+\.\.\S+$/);
    const [, from = '', until = ''] = /^time:(.+)\.\.(.+)$/.exec(await queryOf(page).inputValue()) ?? [];
    const wanted = FEW.filter((line) => {
      const time = Date.parse(JSON.parse(line)['@timestamp']);
      return time >= Date.parse(from) && time < Date.parse(until);
    });
    await statusOf(page).getByText(`${wanted.length} of 2,000 logs`).waitFor();
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await loaded(page);
    await plot.focus();
    for (const key of ['End', 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft', 'Enter'])
      await page.keyboard.press(key);
    await expect.poll(() => queryOf(page).inputValue()).toMatch(/^time:/);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await plot.click({ position: { x: box.width / 2, y: 80 } });
    await expect.poll(() => queryOf(page).inputValue()).toMatch(/^time:/);
    await page.getByText('As a table').click();
    expect(await page.getByRole('row').count()).toBeGreaterThan(2);
  });

  test('includes and excludes values, and completes a query', async () => {
    const { page } = await openLoaded();
    const count = (
      matches: (log: { event: { action: string }; geo?: { country_name?: string } }) => boolean,
    ) => FEW.filter((line) => matches(JSON.parse(line))).length.toLocaleString('en');
    await page.getByRole('button', { name: /^Only action OPENED/ }).click();
    await page.getByRole('button', { name: /^Only action LINK_SENT/ }).click();
    const both = count(({ event }) => ['OPENED', 'LINK_SENT'].includes(event.action));
    await statusOf(page).getByText(`${both} of 2,000 logs`).waitFor();
    await page.getByRole('button', { name: 'Without action OPENED' }).click();
    await expect.poll(() => queryOf(page).inputValue()).toBe('action:LINK_SENT -action:OPENED');
    await queryOf(page).fill('count');
    await page.getByRole('option', { name: 'country' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: /^Poland/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => queryOf(page).inputValue()).toMatch(/^country:\S+ ?$/);
    await queryOf(page).fill('nonsense:x app:player');
    await page.getByText('There is no field nonsense.').waitFor();
  });

  test('leaves the space that one types after a term', async () => {
    const { page } = await openLoaded();
    await queryOf(page).fill('outcome:failure ');
    await statusOf(page)
      .getByText(/^\d+ of 2,000 logs/)
      .waitFor();
    await expect.poll(() => page.url()).toContain('q=outcome%3Afailure');
    await page.keyboard.type('rid:*');
    expect(await queryOf(page).inputValue()).toBe('outcome:failure rid:*');
  });

  test('shows signs without a shape by their numbers, also in names that only a reader hears', async () => {
    const [line = ''] = FEW;
    const log = JSON.parse(line);
    const hostile = 'gpj.\u202Eexe \u200B<img src=x onerror="window.hacked=1">';
    log.geo = { country_name: hostile };
    log.label = { ...log.label, rid: hostile };
    const { page } = await openLoaded({ lines: [JSON.stringify(log)] });
    await page.getByRole('row').nth(1).click();
    await page.getByRole('complementary', { name: 'Log' }).waitFor();
    const html = (await page.evaluate(`document.getElementById('page').outerHTML`)) as string;
    expect(html).toContain('U+202E');
    expect(html).not.toMatch(/[\u202E\u200B]/);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('img').count()).toBe(0);
  });
}
