import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CannedOptions, startCannedService } from '../../../page/preview/canned-service.ts';
import { takeSyntheticLogs } from '../../../tools/synthetic-logs/synthetic-logs.ts';
import {
  CHROMIUM,
  enterKey,
  findBarriers,
  launchBrowser,
  loaded,
  type OpenPage,
  openPage,
} from './browser.ts';

const KEY = "the key & it's = +";
const HOUR = 3_600_000;

/** Logs of the last 50 minutes, in the order of their time. */
function linesOf(count: number): string[] {
  const start = Date.now() - 50 * 60_000;
  const options = { seed: 11, start, sessions: 40, meanGap: Math.floor((49 * 60_000) / count) };
  return takeSyntheticLogs(count, options).map((log) => JSON.stringify(log));
}

const FEW = linesOf(2000);

describe.skipIf(CHROMIUM === undefined)('the page in a browser', { timeout: 120_000 }, () => {
  let browser: Browser;
  let opened: OpenPage[] = [];
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const each of pages) {
      expect(await each.problems()).toEqual([]);
      await each.close();
    }
  });

  const serve = async (options: Partial<CannedOptions> = {}) => {
    const service = await startCannedService({ lines: FEW, key: KEY, ...options });
    onTestFinished(() => service.close());
    return service;
  };
  const open = async (url: string): Promise<Page> => {
    const each = await openPage(browser, url);
    opened.push(each);
    return each.page;
  };
  /** The page over some logs, loaded. */
  const openLoaded = async (options: Partial<CannedOptions> = {}, fragment = '') => {
    const service = await serve(options);
    const page = await open(`${service.url}#${fragment}`);
    await enterKey(page, KEY);
    return { service, page };
  };
  const statusOf = (page: Page) => page.getByRole('region', { name: 'State of loading' });
  const queryOf = (page: Page) => page.getByRole('combobox', { name: 'Query' });

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

  test('does everything by keyboard: key, query, list, log, story', async () => {
    const service = await serve();
    const page = await open(service.url);
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
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

  describe('an error of the API', () => {
    test('408 is followed by smaller windows, until everything is there', async () => {
      const tooLarge = (url: URL) => {
        const [from, until] = ['start_time', 'end_time'].map((name) =>
          Date.parse(url.searchParams.get(name) ?? ''),
        );
        if (until === undefined || from === undefined || !(until - from > 10 * 60_000)) return undefined;
        const next_end_time = new Date(from + 5 * 60_000).toISOString();
        return { status: 408, error: { code: 'window_too_large', message: 'too large', next_end_time } };
      };
      const { page, service } = await openLoaded({ fault: tooLarge });
      expect(await statusOf(page).innerText()).toContain('2,000 logs');
      expect(service.asked.length).toBeGreaterThan(8);
    });

    test('429 is waited out, and a cut answer is asked for again: each log is there once', async () => {
      const planned = [
        undefined,
        { status: 429, headers: { 'Retry-After': '1' }, error: { code: 'throttled', message: 'slow down' } },
        undefined,
        { status: 200, cutAfter: 100 },
      ];
      const service = await serve({ fault: () => planned.shift() });
      const page = await open(service.url);
      await page.getByLabel('API key').fill(KEY);
      await page.getByRole('button', { name: 'Show the logs' }).click();
      await page.getByText('Too many requests at once. The page goes on in 1 s.').waitFor();
      await loaded(page);
      expect(await statusOf(page).innerText()).toContain('2,000 logs');
      expect(planned).toEqual([]);
    });

    test('that stays has a sentence and a way out', async () => {
      let isBroken = true;
      const broken = { status: 500, error: { code: 'internal_error', message: 'x', request_id: 'r-5' } };
      const service = await serve({
        fault: (url) => (isBroken && url.pathname.includes('get-') ? broken : undefined),
      });
      const page = await open(service.url);
      await page.getByLabel('API key').fill(KEY);
      await page.getByRole('button', { name: 'Show the logs' }).click();
      await page.getByRole('alert').getByText('it has logged it as r-5').waitFor();
      isBroken = false;
      await page.getByRole('button', { name: 'Ask again' }).click();
      await loaded(page);
    });
  });
});
