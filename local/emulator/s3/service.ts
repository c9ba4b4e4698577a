import type { Service } from '../service.ts';
import { s3 } from './endpoint.ts';
import { objectStore } from './object-store.ts';

/** Buckets outside the template: a bucket exists as soon as something names it. */
export const s3Service: Service = {
  resourceTypes: [],
  async start({ place: { accountId }, options: { onObject = () => {} }, dataPath, started }) {
    const objects = objectStore(dataPath('objects.sqlite'));
    await started.add(objects.close);
    return { endpoint: s3({ accountId, objects, onPut: onObject }) };
  },
};
