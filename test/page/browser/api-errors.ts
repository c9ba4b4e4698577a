import { describe, expect, test } from 'vitest';
import { loaded } from './browser.ts';
import { KEY, type PageFixture, statusOf } from './page-fixture.ts';

/** What the page does when the API answers with an error. */
export function apiErrorTests({ serve, open, openLoaded }: PageFixture): void {
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
}
