import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { demoEvents } from '../../local/demo/demo-events.ts';
import { LOCAL_DEFAULTS } from '../../local/local-defaults.ts';
import { synthesize } from '../../local/synthesize.ts';
import { FLAG_FIELDS, LOG_FIELD_NAMES } from '../../shared/log/field-names.ts';
import { CHROMIUM, enterKey, launchBrowser, loaded, openPage } from '../page/browser/browser.ts';
import { API_KEY, type RunningStack, startRunningStack } from './running-stack.ts';

/** The page as it is served, over the whole service (docs/contract.md#the-page). */

const HOSTILE = [
  '<script>window.hacked=1</script>',
  '"><img src=x onerror="window.hacked=2">',
  '</style><style>*{display:none!important}</style>',
  'javascript:window.hacked=3',
  '{{constructor.constructor("window.hacked=4")()}}',
  // A file that seems to be a picture, letters of another alphabet, a sign without a shape.
  'gpj.\u202Eexe \u0430pple\u200B',
];

/** A log with one of the hostile values in each field that takes any text. */
function hostileLog(value: string, time: number): object {
  const log: Record<string, unknown> = {};
  for (const name of LOG_FIELD_NAMES) {
    if (FLAG_FIELDS.includes(name) || ['@timestamp', 'client.ip', 'event.action'].includes(name)) continue;
    const path = name.split('.');
    let group = log;
    for (const part of path.slice(0, -1)) {
      group[part] ??= {};
      group = group[part] as Record<string, unknown>;
    }
    group[path.at(-1) ?? ''] = value;
  }
  const event = log['event'] as object;
  return { ...log, '@timestamp': new Date(time).toISOString(), event: { ...event, action: 'OPENED' } };
}

describe('the page of the service', () => {
  let stack: RunningStack;
  let pageUrl = '';
  let removeAssembly: () => Promise<void>;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const { folder, close } = await synthesize({ defaults: LOCAL_DEFAULTS });
    removeAssembly = close;
    stack = await startRunningStack({ assembly: folder });
    pageUrl = stack.outputs['PageUrl'] ?? '';
    const events = demoEvents(Date.now() - 5000, 7).map(({ detail }) => detail);
    await stack.publishDetails(events);
    await stack.publishDetails(HOSTILE.map((value, n) => hostileLog(value, Date.now() - 60_000 - n)));
    const hour = { start_time: new Date(Date.now() - 2 * 3_600_000).toISOString() };
    await stack.askUntil(hour, events.length + HOSTILE.length);
    if (CHROMIUM !== undefined) browser = await launchBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await stack.close();
    await removeAssembly();
  });

  test('is one document with the headers of its policy, to whoever asks', async () => {
    const response = await fetch(pageUrl);
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^<!doctype html>/);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      vary: 'Accept-Encoding',
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]+'; /);
    const compressed = await fetch(pageUrl, { headers: { 'accept-encoding': 'br' } });
    expect(compressed.headers.get('content-encoding')).toBe('br');
    expect((await fetch(pageUrl, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(pageUrl, { method: 'POST' })).status).toBe(405);
  });

  describe.skipIf(CHROMIUM === undefined)('in a browser', { timeout: 120_000 }, () => {
    /** Opens the page with a link as `npm start` prints it. At the end, nothing must have gone wrong in it. */
    const open = async (chosen = ''): Promise<Page> => {
      const opened = await openPage(
        browser as Browser,
        `${pageUrl}#${chosen}&key=${encodeURIComponent(API_KEY)}`,
      );
      onTestFinished(async () => {
        expect(await opened.problems()).toEqual([]);
        await opened.close();
      });
      await loaded(opened.page);
      return opened.page;
    };

    test('tells which process failed its authentication three times and then succeeded', async () => {
      const page = await open();
      await page.getByRole('button', { name: 'Processes' }).click();
      const first = page.locator('.processes tbody tr').first();
      await first.getByText('failed 3 ×, then succeeded').waitFor();
      await first.getByRole('button').click();
      await page.getByText('Authentication failed 3 times, then it succeeded.').waitFor();
    });

    test('takes the right key and no other', async () => {
      const opened = await openPage(browser as Browser, pageUrl);
      onTestFinished(opened.close);
      const { page } = opened;
      await page.getByLabel('API key').fill('wrong');
      await page.getByRole('button', { name: 'Show the logs' }).click();
      await page.getByRole('alert').waitFor();
      await enterKey(page, API_KEY);
      expect(await opened.problems()).toEqual([]);
    });

    test('exports byte for byte what the API answers', async () => {
      const [from, until] = [new Date(Date.now() - 3_600_000).toISOString(), new Date().toISOString()];
      const page = await open(new URLSearchParams({ from, until, direction: 'oldest' }).toString());
      const query = new URLSearchParams({ start_time: from, end_time: until });
      const headers = { apiKey: API_KEY, accept: 'application/x-ndjson' };
      const answer = await (await fetch(`${stack.url}?${query}`, { headers })).text();
      await page.getByText('Export', { exact: true }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'What is shown, as NDJSON' }).click(),
      ]);
      expect(await readFile(await file.path(), 'utf8')).toBe(answer);
    });

    test('follows what is published meanwhile, each log once', async () => {
      const page = await open('q=rid:live-*');
      await page.getByRole('button', { name: 'Follow' }).click();
      const details = ['live-1', 'live-2'].map((rid) => ({ event: { action: 'COMPLETED' }, label: { rid } }));
      await stack.publishDetails(details);
      await page.getByText(/^2 of [\d,]+ logs/).waitFor();
    });

    test('shows hostile values as text, in every place, and none of them has an effect', async () => {
      const page = await open('q=action:OPENED -domain:digital.acme.example');
      const grid = page.getByRole('grid', { name: 'Logs' });
      await grid
        .getByText(HOSTILE[0] ?? '')
        .first()
        .waitFor();
      await grid.focus();
      for (let row = 0; row < HOSTILE.length; row++) {
        await page.keyboard.press('Enter');
        const drawer = page.getByRole('complementary', { name: 'Log' });
        await drawer.getByRole('button', { name: 'Story of the process' }).click();
        await page.getByRole('complementary', { name: 'Story' }).waitFor();
        await page.keyboard.press('Escape');
        await page.keyboard.press('ArrowDown');
      }
      await page.getByRole('combobox', { name: 'Query' }).fill('page_name:');
      await page.locator('#query-options [role=option]').first().waitFor();
      await page.getByRole('button', { name: 'Processes' }).click();
      await page.locator('.processes tbody tr').first().waitFor();
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('img, iframe, #page script, #page style').count()).toBe(0);
      expect(await page.evaluate('document.body.innerText')).not.toMatch(/[\u202E\u200B]/);
      expect(await page.evaluate('document.body.innerText')).toContain('U+202E');
    });
  });
});
