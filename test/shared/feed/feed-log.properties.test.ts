import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feedFields } from '../../../shared/feed/feed-log.ts';
import { decodeIntent, encodeIntent } from '../../../shared/feed/intent-codec.ts';
import { packUuids } from '../../../shared/log/uuid-packing.ts';
import { complete } from '../../fixtures/security-events.ts';

const LAST_INSTANT = Date.UTC(9999, 11, 31);

/** Texts that look like the place where the fields go in, or like its end. */
const text = fc.oneof(
  fc.constantFrom('"event":{', '\\"event":{', 'x","event":{"action":"', '\\', '\u0001', '\u{1f600}', '{'),
  fc.string({ unit: 'binary' }),
);
const detail = fc.record({
  event: fc.record({ action: fc.constant('OPENED'), id: fc.oneof(fc.uuid(), text) }),
  label: fc.record({ rid: text, page_name: text }, { requiredKeys: [] }),
  user: fc.record({ id: text }, { requiredKeys: [] }),
});

describe('a log as the feed shows it', () => {
  test('is the stored log, with its id and the time of storing in `event`, and not a byte else', () => {
    fc.assert(
      fc.property(detail, fc.integer({ min: 0, max: LAST_INSTANT }), (given, createdAt) => {
        const { id, log } = complete(given);
        const json = JSON.stringify(log);
        const intent = encodeIntent([{ application: 'player', id, json, packed: packUuids(json) }]);
        const shown = String(decodeIntent(intent, feedFields(createdAt))[0]?.json);

        const added = { id, created: new Date(createdAt).toISOString() };
        expect(JSON.parse(shown)).toEqual({ ...log, event: { ...added, ...log.event } });
        const fields = `${JSON.stringify(added).slice(1, -1)},`;
        expect(shown.replace(fields, () => '')).toBe(json);
        expect(shown.indexOf(fields)).toBe(json.indexOf('"event":{') + '"event":{'.length);
      }),
    );
  });
});
