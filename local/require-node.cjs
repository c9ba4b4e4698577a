'use strict';

/**
 * Run before everything else, by whatever Node there is: says what to install where that one is too old. Plain
 * JavaScript, because a Node that is too old must be able to read it. `npm ci` brings a Node for most platforms; on the
 * others, or without optional packages, npm scripts run on the machine's own.
 */

/** The first with dictionaries for zstd, with which logs are stored. */
const FIRST = [24, 6];

const [, major, minor] = /^v(\d+)\.(\d+)/.exec(process.version).map(Number);

if (major < FIRST[0] || (major === FIRST[0] && minor < FIRST[1])) {
  console.error(
    `Install Node.js ${FIRST.join('.')} or later, and run this again: this is ${process.version}.`,
  );
  process.exit(1);
}
