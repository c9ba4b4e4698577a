/**
 * How esbuild bundles a function. `infra/service-function.ts` deploys such a bundle and `npm run dev` replaces it while
 * the local stack runs, so both take the options from here.
 */
export const BUNDLING = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  /** esbuild writes licence comments to a separate file. */
  legalComments: 'external',
} as const;
