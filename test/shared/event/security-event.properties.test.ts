import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventRejected } from '../../../shared/errors.ts';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import { storedDetail } from '../../../shared/event/announcement.ts';
import { PRODUCER_SOURCES, SECURITY_EVENT } from '../../../shared/event/bus-events.ts';
import { SAFE_DETAIL_BYTES } from '../../../shared/event/bus-limits.ts';
import { completeSecurityEvent, parseSecurityEvent } from '../../../shared/event/security-event.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import { securityLogSchema } from '../../../shared/log/security-log.ts';

/** Any text an end user could put somewhere: of any length, with lone surrogates and control characters. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 3000 }))
    .map(([text, times]) => text.repeat(times)),
  fc.constantFrom(
    '',
    'true',
    '1.2.3.4, 5.6.7.8',
    'https://[::1]:8443/',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5)',
  ),
);
const anyValue = fc.oneof(anyText, fc.jsonValue(), fc.double({ noNaN: true }), fc.boolean());

/** A detail with any value in any of the published fields, and with fields nobody knows. */
function detailOf(schema: object): fc.Arbitrary<unknown> {
  const shape = objectShape(schema);
  if (!shape) return anyValue;
  const fields = Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, detailOf(kind)]));
  const known = fc.record(fields, { requiredKeys: [] });
  const stray = fc.dictionary(fc.string({ maxLength: 8 }), anyValue, { maxKeys: 2 });
  return fc.oneof(
    { weight: 9, arbitrary: fc.tuple(stray, known).map(([a, b]) => ({ ...a, ...b })) },
    { weight: 1, arbitrary: anyValue },
  );
}

function objectShape(schema: object): Record<string, object> | undefined {
  const { def } = schema as { def: { type: string; innerType?: object; shape?: Record<string, object> } };
  return def.type === 'optional' && def.innerType ? objectShape(def.innerType) : def.shape;
}

const anyDetail = detailOf(securityLogSchema) as fc.Arbitrary<Record<string, unknown>>;

const envelope = (detail: unknown, source: string = 'easysend.player') => ({
  version: '0',
  id: '0d9f4a4c-5a3e-4f0e-8e5b-2f1d6c1f7a10',
  'detail-type': SECURITY_EVENT,
  source,
  account: '000000000000',
  time: '2026-11-21T09:00:00Z',
  region: 'eu-central-1',
  resources: [],
  detail,
});

const withAction = (detail: Record<string, unknown>, action: string) => {
  const event = typeof detail?.['event'] === 'object' && detail['event'] !== null ? detail['event'] : {};
  return { ...detail, event: { ...event, action } };
};

describe('an event', () => {
  test('with a known action becomes a log that the published schema accepts, whatever else is in it', () => {
    fc.assert(
      fc.property(
        anyDetail,
        fc.constantFrom(...EVENT_ACTIONS),
        fc.constantFrom(...PRODUCER_SOURCES),
        (detail, action, source) => {
          const event = JSON.parse(JSON.stringify(envelope(withAction(detail, action), source)));
          const { log, id } = completeSecurityEvent(parseSecurityEvent(event));
          expect(securityLogSchema.parse(log)).toEqual(log);
          expect(log.event.action).toBe(action);
          expect(`easysend.${log.label.app_type}`).toBe(source);
          expect(Buffer.byteLength(id)).toBeLessThanOrEqual(128);
          expect(JSON.stringify(log).isWellFormed()).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of any shape at all becomes a log or is rejected with a reason: nothing else can happen to it', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      anyDetail.map((detail) => envelope(detail)),
      fc.record({ source: anyText }),
    );
    fc.assert(
      fc.property(anything, (event) => {
        try {
          completeSecurityEvent(parseSecurityEvent(event));
        } catch (error) {
          expect(error).toBeInstanceOf(EventRejected);
          expect((error as EventRejected).message.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is the same log however often it is delivered', () => {
    fc.assert(
      fc.property(anyDetail, (detail) => {
        const event = envelope(withAction(detail, 'OPENED'));
        const [first, second] = [event, structuredClone(event)].map((copy) =>
          completeSecurityEvent(parseSecurityEvent(copy)),
        );
        expect(second).toEqual(first);
      }),
    );
  });

  test('published again as it was read back is the same log', () => {
    fc.assert(
      fc.property(anyDetail, (detail) => {
        const { log } = completeSecurityEvent(parseSecurityEvent(envelope(withAction(detail, 'OPENED'))));
        const again = completeSecurityEvent(parseSecurityEvent(envelope(log)));
        expect(JSON.stringify(again.log)).toBe(JSON.stringify(log));
        expect(again.corrections).toEqual({ unknownFields: 0, replacedTimestamps: 0, replacedAppTypes: 0 });
      }),
    );
  });

  test('fits a DynamoDB item and its announcement, however large its fields are', () => {
    const worst = '\u0001'.repeat(100_000);
    const fill = (schema: object): unknown => {
      const shape = objectShape(schema);
      return shape
        ? Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, fill(kind)]))
        : worst;
    };
    const detail = withAction(fill(securityLogSchema) as Record<string, unknown>, 'OPENED');
    const kept = completeSecurityEvent(parseSecurityEvent(envelope(detail)));
    const json = JSON.stringify(kept.log);
    expect(encodeDocument(json).length).toBeLessThan(350_000);
    expect(Buffer.byteLength(storedDetail({ ...kept, id: worst.slice(0, 128) }, json))).toBeLessThan(
      SAFE_DETAIL_BYTES,
    );
  });
});
