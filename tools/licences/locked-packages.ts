import * as z from 'zod/mini';

/** A package that the functions, the page and the published package may contain. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

/**
 * Licences that ask for no more than a notice, as SPDX names them. A package with another one is looked at before it is
 * used.
 */
export const PERMISSIVE: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
]);

/** The packages for development whose code is in the page (page/build/build-page.ts), which is deployed. */
export const PAGE_PACKAGES: ReadonlySet<string> = new Set([
  '@preact/signals',
  '@preact/signals-core',
  '@tanstack/virtual-core',
  'preact',
]);

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.optional(z.string()),
      version: z.optional(z.string()),
      license: z.optional(z.string()),
      dev: z.optional(z.boolean()),
      optional: z.optional(z.boolean()),
      devOptional: z.optional(z.boolean()),
    }),
  ),
});

/**
 * The packages of `dependencies`, what they depend on, and those of the page; without the others for development, and
 * without those for one platform.
 *
 * @param lock the text of package-lock.json
 */
export function lockedPackages(lock: string): LockedPackage[] {
  const { packages } = lockSchema.parse(JSON.parse(lock));
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { name, ...others }]) => ({
      name: name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      ...others,
    }))
    .filter(
      ({ name, dev, optional, devOptional }) => PAGE_PACKAGES.has(name) || !(dev || optional || devOptional),
    )
    .map(({ name, version = '', license = 'none' }) => ({ name, version, licence: license }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
}
