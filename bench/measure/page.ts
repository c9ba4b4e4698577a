import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startCannedService } from '../../page/preview/canned-service.ts';
import { benchLogs, windowOf } from '../data.ts';
import type { Context, Measurement, Result } from '../measurement.ts';
import type { Row } from '../table.ts';

const COUNTS = [100_000, 500_000];
const KEY = 'bench';
const CHROMIUM = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  existsSync,
);
const QUERIES = ['outcome:failure', 'country:"United Kingdom" -browser:Chrome', 'rid:*', 'chrome'];
const MEGABYTE = 1e6;

/** Notes the main thread's long tasks, and when the first row is in the document. */
const WATCH = `
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    window.firstRow ??= document.querySelector('.list-body .badge') ? performance.now() : undefined;
  }).observe(document, { childList: true, subtree: true });
`;

const LOADED = /^[\d,]+ (of [\d,]+ )?logs?(, found in \d+ ms)?, [\d.]+ [kM]B\.\s*$/;

async function measure(count: number, progress: Context['progress']): Promise<Row> {
  const lines = Array.from(benchLogs(count), ({ log }) => JSON.stringify(log));
  const { from, until } = windowOf(count);
  const service = await startCannedService({ lines, key: KEY });
  const browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(300_000);
    await page.addInitScript(WATCH);
    const range = `from=${new Date(from).toISOString()}&until=${new Date(until).toISOString()}`;
    await page.goto(`${service.url}#${range}&key=${KEY}`);
    await page.getByText(LOADED).waitFor();
    const loadedMs = await number(page, 'performance.now()');
    const firstRowMs = await number(page, 'firstRow');
    progress(`${count} logs loaded`);
    const filters: number[] = [];
    for (const query of QUERIES) {
      await page.getByRole('combobox', { name: 'Query' }).fill(query);
      await page.keyboard.press('Enter');
      const status = page.getByText(/logs?, found in \d+ ms/);
      await status.waitFor();
      await page.waitForTimeout(700);
      filters.push(Number(/found in (\d+) ms/.exec(await status.innerText())?.[1]));
    }
    return {
      logs: count,
      'first row ms': firstRowMs,
      'all s': loadedMs / 1000,
      'filter ms (least)': Math.min(...filters),
      'filter ms (most)': Math.max(...filters),
      'longest task ms': await number(page, 'longest'),
      'memory MB': (await memoryOf(browser)) / MEGABYTE,
    };
  } finally {
    await browser.close();
    await service.close();
  }
}

const number = async (page: Page, expression: string): Promise<number> =>
  Number(await page.evaluate(expression));

/** The resident memory of the process that runs the page and its worker, in bytes; 0 where there is no /proc. */
async function memoryOf(browser: Browser): Promise<number> {
  if (!existsSync('/proc/self/status')) return 0;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const resident = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]));
  return 1024 * Math.max(...resident);
}

async function run({ size, progress }: Context): Promise<Result> {
  if (CHROMIUM === undefined) return { rows: [], notes: ['no Chromium on this machine: not measured'] };
  const rows: Row[] = [];
  for (const count of COUNTS.map(size)) rows.push(await measure(count, progress));
  return {
    rows,
    notes: [
      'Chromium without a window, over a service from memory on the same machine, uncompressed',
      'filter: from the query to its overview (list, histogram, facets), in the worker; of ' +
        `${QUERIES.length} queries, one of them a text in any field`,
      'memory: resident, of the process that runs the page and its worker, with what a garbage collection would free',
    ],
  };
}

export const page: Measurement = {
  name: 'page',
  title: '12. The page in a browser',
  run,
};
