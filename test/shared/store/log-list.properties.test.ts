import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logList } from '../../../shared/store/log-list.ts';

test('a list gives back what was added to it, in order and in reverse, however large and however often', () => {
  const sortKeys = fc.string({ unit: 'binary', maxLength: 150 }).map((key) => key.toWellFormed());
  const documents = fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(1, 1, 1, 100, 9000))
    .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => Buffer.from(bytes))));
  const times = fc.oneof(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.constant(Date.UTC(2026, 10, 21)));
  const someLogs = fc.array(
    fc.record(
      { sortKey: sortKeys, document: documents, createdAt: times },
      { requiredKeys: ['sortKey', 'document'], noNullPrototype: true },
    ),
  );
  fc.assert(
    fc.property(someLogs, (logs) => {
      const list = logList();
      for (const log of logs) list.add(log);
      expect([...list]).toEqual(logs);
      expect([...list.reversed()]).toEqual(logs.toReversed());
      expect([...list]).toEqual(logs);
    }),
  );
});
