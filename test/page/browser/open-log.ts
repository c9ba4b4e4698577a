import { expect, test } from 'vitest';
import { enterKey, findBarriers } from './browser.ts';
import { FEW, KEY, type PageFixture, queryOf, statusOf } from './page-fixture.ts';

/** What is opened: a log, a story, a link, the undelivered logs. */
export function openLogTests({ open, openLoaded }: PageFixture): void {
  test('opens a log, adds a value of it to the query, and copies it and its command without the key', async () => {
    const { page } = await openLoaded();
    const grid = page.getByRole('grid', { name: 'Logs' });
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'Log' });
    await drawer.getByRole('button', { name: 'Copy as JSON' }).click();
    const newest = FEW.at(-2) ?? '';
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(newest);
    await drawer.getByRole('button', { name: 'Copy as curl' }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toContain('$EASYSEND_SECURITY_LOGS_API_KEY');
    expect(await page.evaluate('navigator.clipboard.readText()')).not.toContain(KEY);
    const { rid } = JSON.parse(newest).label;
    await drawer.getByRole('button', { name: `Only rid ${rid}` }).click();
    const ofProcess = FEW.filter((line) => line.includes(`"rid":"${rid}"`));
    await statusOf(page).getByText(`${ofProcess.length} of 2,000 logs`).waitFor();
    await drawer.getByRole('button', { name: 'Story of the process' }).click();
    const story = page.getByRole('complementary', { name: 'Story' });
    await story.getByText(new RegExp(`^${ofProcess.length} events? in`)).waitFor();
    expect(await story.getByRole('listitem').count()).toBe(ofProcess.length);
    await page.keyboard.press('Escape');
    await story.waitFor({ state: 'detached' });
  });

  test('shows the same again from its link, also to a colleague with a key', async () => {
    const { service, page } = await openLoaded();
    await queryOf(page).fill('outcome:failure');
    await page.getByRole('button', { name: 'Processes' }).click();
    await page.locator('.processes button').first().click();
    await page.getByRole('complementary', { name: 'Story' }).waitFor();
    const sentence = await page.locator('.story-sentence').innerText();
    await statusOf(page)
      .getByText(/^\d+ of 2,000 logs/)
      .waitFor();
    const found = await statusOf(page).innerText();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toContain('#from=');
    const link = (await page.evaluate('navigator.clipboard.readText()')) as string;
    expect(link).not.toContain('key');
    const colleague = await open(link);
    await enterKey(colleague, KEY);
    await colleague.getByText(sentence).waitFor();
    expect((await statusOf(colleague).innerText()).slice(0, 20)).toBe(found.slice(0, 20));
    expect(await queryOf(colleague).inputValue()).toBe('outcome:failure');
    expect(service.asked.join()).not.toContain('outcome');
  });

  test('tells which logs were not delivered and why, or that there is no custom service', async () => {
    const delivery = (n: number, state: string, reason: string): string =>
      JSON.stringify({
        id: `d-${n}`,
        state,
        '@timestamp': new Date().toISOString(),
        rid: `r-${n}`,
        attempts: n,
        reason,
      });
    const deliveries = [delivery(1, 'waiting', 'HTTP status 500'), delivery(2, 'waiting', 'HTTP status 500')];
    const { page } = await openLoaded({ deliveries: [...deliveries, delivery(3, 'failed', '<b>gone</b>')] });
    await page.getByRole('button', { name: 'Undelivered' }).click();
    const view = page.getByRole('region', { name: 'Undelivered' });
    await view.getByText('3 logs of this range were not delivered').waitFor();
    const reasons = view.getByRole('list', { name: 'Reasons' }).getByRole('listitem');
    expect(await reasons.allInnerTexts()).toEqual(['2 waiting: HTTP status 500', '1 failed: <b>gone</b>']);
    expect(await findBarriers(page)).toEqual([]);
    const { page: other } = await openLoaded({}, 'view=undelivered');
    await other.getByText('No custom service gets each log here').waitFor();
  });

  test('opens what a changed address names, and closes what it does not name', async () => {
    const { page } = await openLoaded();
    const grid = page.getByRole('grid', { name: 'Logs' });
    const drawer = page.getByRole('complementary', { name: 'Log' });
    const addresses: string[] = [];
    for (const row of [1, 5]) {
      await grid.getByRole('row').nth(row).click();
      await drawer.getByText(JSON.parse(FEW.at(-row) ?? '')['@timestamp']).waitFor();
      addresses.push(new URL(page.url()).hash);
    }
    await page.evaluate(`location.hash = '${addresses[0]}'`);
    await drawer.getByText(JSON.parse(FEW.at(-1) ?? '')['@timestamp']).waitFor();
    await page.evaluate(`location.hash = ''`);
    await drawer.waitFor({ state: 'detached' });
    await page.evaluate(`location.hash = 'story=no.field:x&open=1.1&last=<img>'`);
    await page.getByText('No log of it is loaded.').waitFor();
  });
}
