import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logList } from '../../../shared/store/log-list.ts';

test('a list gives back what was added to it, in order, however large and however often', () => {
  const sortKeys = fc.string({ unit: 'binary', maxLength: 150 }).map((key) => key.toWellFormed());
  const documents = fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(1, 1, 1, 100, 9000))
    .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => Buffer.from(bytes))));
  fc.assert(
    fc.property(fc.array(fc.record({ sortKey: sortKeys, document: documents })), (logs) => {
      const list = logList();
      for (const log of logs) list.add(log);
      expect([...list]).toEqual(logs);
      expect([...list]).toEqual(logs);
    }),
  );
});
