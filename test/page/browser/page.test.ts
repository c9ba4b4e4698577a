import { describe } from 'vitest';
import { accessibilityTests } from './accessibility.ts';
import { apiErrorTests } from './api-errors.ts';
import { CHROMIUM } from './browser.ts';
import { followAndExportTests } from './follow-and-export.ts';
import { keyTests } from './key.ts';
import { listAndQueryTests } from './list-and-query.ts';
import { openLogTests } from './open-log.ts';
import { pageFixture } from './page-fixture.ts';

/** All topics in one file, because each file would start a browser of its own. */
describe.skipIf(CHROMIUM === undefined)('the page in a browser', { timeout: 120_000 }, () => {
  const fixture = pageFixture();
  keyTests(fixture);
  listAndQueryTests(fixture);
  openLogTests(fixture);
  followAndExportTests(fixture);
  accessibilityTests(fixture);
  apiErrorTests(fixture);
});
