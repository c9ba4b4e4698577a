import { expect, test } from 'vitest';
import { enterKey, loaded } from './browser.ts';
import { KEY, type PageFixture, queryOf, statusOf } from './page-fixture.ts';

/** The key: how it is entered, and that it stays in no address. */
export function keyTests({ serve, open }: PageFixture): void {
  test('asks for a key, says what is wrong with another one, and keeps it only if asked', async () => {
    const service = await serve();
    const page = await open(service.url);
    await page.getByLabel('API key').fill('wrong');
    await page.getByRole('button', { name: 'Show the logs' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not accept this key' }).waitFor();
    await enterKey(page, KEY);
    expect(await statusOf(page).innerText()).toContain('2,000 logs');
    expect(
      await page.evaluate('location.href + document.cookie + JSON.stringify(sessionStorage)'),
    ).not.toContain('key');
    await page.reload();
    await page.getByRole('checkbox', { name: 'Keep it' }).check();
    await enterKey(page, KEY);
    await page.reload();
    await loaded(page);
    await page.getByRole('button', { name: 'Forget key' }).click();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(service.asked.join()).not.toContain('key');
  });

  test('takes a key from a link of this machine, and takes it out of the address', async () => {
    const service = await serve();
    const page = await open(`${service.url}#q=outcome:failure&key=${encodeURIComponent(KEY)}`);
    await loaded(page);
    expect(decodeURIComponent(page.url())).toBe(`${service.url}#q=outcome:failure`);
    expect(await queryOf(page).inputValue()).toBe('outcome:failure');
  });

  test('takes a key from a changed fragment too, and leaves it in no address', async () => {
    const service = await serve();
    const page = await open(service.url);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(decodeURIComponent(request.url())));
    const change = (fragment: string) => page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
    await change(`q=outcome:failure&key=${encodeURIComponent(KEY)}`);
    await loaded(page);
    expect(decodeURIComponent(page.url())).toBe(`${service.url}#q=outcome:failure`);
    expect(await queryOf(page).inputValue()).toBe('outcome:failure');
    await change('q=rid:*&key=wrong');
    await page.getByRole('alert').filter({ hasText: 'does not accept this key' }).waitFor();
    expect(decodeURIComponent(page.url())).toBe(`${service.url}#q=rid:*`);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.join()).not.toMatch(/key|wrong/);
  });

  test('does not use a key from a link of another host, and takes it out of the address', async () => {
    const service = await serve();
    // The browser finds this host on this machine, but it is not one of its names.
    const url = service.url.replace('127.0.0.1', 'logs.localhost');
    const page = await open(`${url}#q=a&key=${encodeURIComponent(KEY)}`);
    const refusal = page.getByRole('alert').filter({ hasText: 'The link had a key in it' });
    await refusal.waitFor();
    expect(page.url()).toBe(`${url}#q=a`);
    await page.evaluate(`location.hash = 'q=b'`);
    await refusal.waitFor({ state: 'detached' });
    await page.evaluate(`location.hash = 'q=c&key=x'`);
    await refusal.waitFor();
    expect(page.url()).toBe(`${url}#q=c`);
    expect(service.asked).toEqual([]);
  });
}
