import { expect, test } from 'vitest';
import { enterKey, findBarriers, loaded } from './browser.ts';
import { KEY, type PageFixture, queryOf, statusOf } from './page-fixture.ts';

/** The page by keyboard, and by axe-core. */
export function accessibilityTests({ serve, open }: PageFixture): void {
  test('does everything by keyboard: key, query, list, log, story', async () => {
    const service = await serve();
    const page = await open(service.url);
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    // Keys that come before the field has the focus go nowhere.
    await page.getByLabel('API key').and(page.locator(':focus')).waitFor();
    await page.keyboard.type(KEY);
    await press('Enter');
    await loaded(page);
    await press('/');
    await page.keyboard.type('outcome:fail');
    await page.getByRole('option', { name: /^failure/ }).waitFor();
    await press('ArrowDown', 'Enter');
    await statusOf(page)
      .getByText(/ of 2,000 logs/)
      .waitFor();
    const focused = () =>
      page.evaluate(`document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText`);
    for (let i = 0; i < 250 && (await focused()) !== 'Logs'; i++) await press('Tab');
    expect(await focused()).toBe('Logs');
    await press('ArrowDown', 'ArrowDown', 'Enter');
    await page.getByRole('complementary', { name: 'Log' }).waitFor();
    expect(await focused()).toBe('Log');
    for (let i = 0; i < 6 && (await focused()) !== 'Story of the process'; i++) await press('Tab');
    await press('Enter');
    await page.getByRole('complementary', { name: 'Story' }).waitFor();
    await press('Escape');
    await expect.poll(focused).toBe('Logs');
    await press('?');
    await page.getByRole('dialog', { name: 'Help' }).waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const outline = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
    expect(outline).not.toBe('none');
  });

  test.each([
    ['light', {}],
    // Only the colours are others.
    ['dark', { runOnly: ['color-contrast'] }],
  ])('has no barrier that axe-core finds, in %s', async (theme, rules) => {
    const service = await serve();
    const page = await open(`${service.url}#theme=${theme}`);
    await page.getByLabel('API key').waitFor();
    expect(await findBarriers(page, rules)).toEqual([]);
    await enterKey(page, KEY);
    await page.getByRole('grid').getByRole('row').nth(3).waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Log' }).waitFor();
    await page.getByText('As a table').click();
    expect(await findBarriers(page, rules)).toEqual([]);
    await page.getByRole('button', { name: 'Processes' }).click();
    await page.locator('.processes button').first().click();
    await page.getByRole('complementary', { name: 'Story' }).waitFor();
    await queryOf(page).fill('nonsense:x ');
    await page.getByText('There is no field').waitFor();
    expect(await findBarriers(page, rules)).toEqual([]);
    await page.getByRole('button', { name: 'Help' }).click();
    expect(await findBarriers(page, rules)).toEqual([]);
  });
}
