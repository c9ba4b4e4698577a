import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Drives the Chromium that this machine has (docs/page.md#how-it-is-tested). */

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser's file, if there is one. */
export const CHROMIUM = PLACES.find((place) => place !== '' && existsSync(place));

if (CHROMIUM === undefined)
  console.warn(
    'no Chromium: the tests of the page in a browser are skipped. Install chromium, or name it in CHROMIUM.',
  );

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));

export const launchBrowser = (): Promise<Browser> =>
  // The sandbox does not run as root, and the pages are our own.
  chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });

export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts and of the console, and what the policy forbade. */
  problems(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens an address in a fresh profile. */
export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const found: string[] = [];
  page.on('pageerror', (error) => found.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The browser itself notes each answer that is an error.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      found.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    found.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(`
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI));
  `);
  await page.addInitScript({ path: AXE });
  await page.goto(url);
  return {
    page,
    async problems() {
      const violations = (await page.evaluate('window.violations')) as string[];
      return [...found, ...violations.map((violation) => `policy: ${violation}`)];
    },
    close: () => context.close(),
  };
}

/**
 * @param options of axe-core's `run`
 * @returns what it finds wrong with the page as it is, a line each
 */
export async function findBarriers(page: Page, options: object = {}): Promise<string[]> {
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as {
    violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Enters a key and waits until everything is loaded. */
export async function enterKey(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Show the logs' }).click();
  await loaded(page);
}

/** Waits until the page says how many logs it has, and that no more are to come. */
export const loaded = (page: Page): Promise<void> =>
  page.getByText(/^[\d,]+ (of [\d,]+ )?logs?(, found in \d+ ms)?, [\d.]+ [kM]B\.\s*$/).waitFor();
