import type { Service } from '../service.ts';
import { s3 } from './endpoint.ts';
import { openObjectFolder } from './object-folder.ts';
import { contentsInMemory, objectStore } from './object-store.ts';

/** Buckets outside the template: a bucket exists as soon as something names it. */
export const s3Service: Service = {
  resourceTypes: [],
  async start({ place, options, dataPath, started }) {
    const folder = dataPath('objects');
    const { contents, kept, close } =
      folder === undefined
        ? { contents: contentsInMemory(), kept: [], close: () => {} }
        : await openObjectFolder(folder, options.log);
    await started.add(close);
    return {
      endpoint: s3({
        accountId: place.accountId,
        objects: objectStore(contents, kept),
        onPut: (bucket, { key }, content) => options.onObject?.(bucket, key, content),
      }),
    };
  },
};
