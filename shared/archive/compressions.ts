/** How an object of the archive is compressed, and what its name ends with: Athena tells the compression by it. */
export const EXTENSIONS = { gzip: 'gz', zstd: 'zst' } as const;

export type Compression = keyof typeof EXTENSIONS;
export const COMPRESSIONS = Object.keys(EXTENSIONS) as [Compression, ...Compression[]];
