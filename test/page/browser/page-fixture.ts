import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from 'vitest';
import { type CannedOptions, startCannedService } from '../../../page/preview/canned-service.ts';
import { takeSyntheticLogs } from '../../../tools/synthetic-logs/synthetic-logs.ts';
import { enterKey, launchBrowser, type OpenPage, openPage } from './browser.ts';

export const KEY = "the key & it's = +";

/** Logs of the last 50 minutes, in the order of their time. */
export function linesOf(count: number): string[] {
  const start = Date.now() - 50 * 60_000;
  const options = { seed: 11, start, sessions: 40, meanGap: Math.floor((49 * 60_000) / count) };
  return takeSyntheticLogs(count, options).map((log) => JSON.stringify(log));
}

export const FEW = linesOf(2000);

export const statusOf = (page: Page) => page.getByRole('region', { name: 'State of loading' });
export const queryOf = (page: Page) => page.getByRole('combobox', { name: 'Query' });

export type PageFixture = ReturnType<typeof pageFixture>;

/** Starts one browser for the tests of a `describe`, and looks after each of them whether anything went wrong in its pages. */
export function pageFixture() {
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
  return { serve, open, openLoaded };
}
