/**
 * How esbuild bundles a function. `infra/function-code.ts` deploys such a bundle, `npm run dev` replaces it while the local
 * stack runs, and `npm run pack` ships it. So all of them take the options from here.
 */
export const BUNDLING = {
  format: 'esm',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  /** esbuild writes licence comments to a separate file. */
  legalComments: 'external',
} as const;

/**
 * The options of esbuild for the bundle of a function; the caller adds where it works and what it writes.
 *
 * @param name the folder under `functions/` with the function's `handler.ts`
 */
export const bundleOptions = (name: string) => ({
  ...BUNDLING,
  mainFields: [...BUNDLING.mainFields],
  bundle: true as const,
  platform: 'node' as const,
  entryPoints: [`functions/${name}/handler.ts`],
});

/**
 * Programs of Node that write further files into the folder of a function's bundle, by the function's name. Each is a path
 * from the root of the repository, and takes the folder as its only argument.
 */
export const BUNDLE_WRITERS: Readonly<Record<string, string>> = {
  page: 'page/build/build.ts',
};
