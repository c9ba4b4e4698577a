import { existsSync } from 'node:fs';

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The file of the Chromium that this machine has (docs/page.md#how-it-is-tested), if there is one. */
export const CHROMIUM = PLACES.find((place) => place !== '' && existsSync(place));

/** What the page says when it has all logs and no more are to come. */
export const LOADED = /^[\d,]+ (of [\d,]+ )?logs?(, found in \d+ ms)?, [\d.]+ [kM]B\.\s*$/;
