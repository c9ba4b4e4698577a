import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where to leave the results as JSON, for `.ci/run`. */
const report = process.env['TEST_REPORT'];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
