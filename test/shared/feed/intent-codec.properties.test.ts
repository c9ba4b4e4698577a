import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import { FeedItemDamaged, UnknownFeedVersion } from '../../../shared/feed/feed-errors.ts';
import {
  decodeIntent,
  encodeIntent,
  type IntentLog,
  mostIntentBytes,
} from '../../../shared/feed/intent-codec.ts';
import { packUuids } from '../../../shared/log/uuid-packing.ts';

/** At most 128 bytes, well-formed (shared/event/event-id.ts). */
const id = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.constantFrom('', '\u0001', '0', 'x'.repeat(128), '\u00e9'.repeat(64), '\u{1f600}'.repeat(32)),
  fc.string({ unit: 'binary', maxLength: 32 }).map((text) => text.toWellFormed()),
);
const text = fc.oneof(
  fc.uuid(),
  fc.string({ unit: 'binary' }),
  fc.string({ minLength: 500, maxLength: 2000 }),
);
const json = fc.oneof(
  fc.json(),
  fc.array(text, { maxLength: 50 }).map((texts) => JSON.stringify(texts)),
);

const intentLog = (application: IntentLog['application'], ofId: string, ofJson: string): IntentLog => ({
  application,
  id: ofId,
  json: ofJson,
  packed: packUuids(ofJson),
});
const anyLog = fc.tuple(fc.constantFrom(...APPLICATIONS), id, json).map((parts) => intentLog(...parts));
/** Logs of one session have UUIDs in common: some are taken from a few. */
const logs = fc
  .array(anyLog, { maxLength: 12 })
  .chain((given) =>
    fc
      .subarray(given)
      .map((again) => [
        ...given,
        ...again.map((log) => ({ ...log, id: `again-${log.id}`.slice(0, 40).toWellFormed() })),
      ]),
  );

/** Bytes that nothing compresses. */
const noiseOf = (seed: number, length: number): Buffer =>
  createHash('shake256', { outputLength: length }).update(String(seed)).digest();

const shown = (decoded: ReturnType<typeof decodeIntent>) =>
  decoded.map(({ application, id, json }) => ({ application, id, json: json.toString() }));

describe('an intent', () => {
  test('is read back as it was written, whatever its logs are', () => {
    fc.assert(
      fc.property(logs, (given) => {
        const expected = given.map(({ application, id, json }) => ({ application, id, json }));
        expect(shown(decodeIntent(encodeIntent(given)))).toEqual(expected);
      }),
    );
  });

  test('may have no log', () => {
    expect(decodeIntent(encodeIntent([]))).toEqual([]);
  });

  test('keeps ids that are UUIDs, of either case, and the same UUID in the log', () => {
    const uuid = '0d9f4a4c-5a3e-4f0e-8e5b-2f1d6c1f7a10';
    const ids = [uuid, uuid.toUpperCase(), uuid, `${uuid}!`];
    const given = ids.map((each) => intentLog('player', each, JSON.stringify({ rid: uuid, other: [uuid] })));
    expect(decodeIntent(encodeIntent(given)).map((log) => log.id)).toEqual(ids);
  });

  test('holds logs of the largest size, and hundreds of logs with 31 UUIDs of their own', () => {
    const large = JSON.stringify({ text: noiseOf(0, 180_000).toString('base64') });
    const uuidOf = (i: number) => `0d9f4a4c-5a3e-4f0e-8e5b-${String(i).padStart(12, '0')}`;
    const many = Array.from({ length: 700 }, (_, i) =>
      intentLog(
        'builder',
        uuidOf(1e6 + i),
        JSON.stringify(Array.from({ length: 33 }, (__, j) => uuidOf(33 * i + j))),
      ),
    );
    for (const given of [[intentLog('player', 'large', large)], many])
      expect(decodeIntent(encodeIntent(given)).map(({ json }) => json.toString())).toEqual(
        given.map(({ json }) => json),
      );
  });

  test('never takes more bytes than it was announced to, even if nothing in it can be compressed', () => {
    const noise = fc.tuple(fc.nat(), fc.nat(40_000), fc.boolean()).map(([seed, length, isText]) => {
      const bytes = noiseOf(seed, length);
      return JSON.stringify({ noise: isText ? bytes.toString('base64') : bytes.toString('latin1') });
    });
    const noisy = fc
      .tuple(fc.constantFrom(...APPLICATIONS), id, fc.oneof(noise, json))
      .map((parts) => intentLog(...parts));
    fc.assert(
      fc.property(fc.array(noisy, { minLength: 1, maxLength: 30 }), (given) => {
        const most = given.reduce((sum, { json }) => sum + mostIntentBytes(Buffer.byteLength(json)), 0);
        expect(encodeIntent(given).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('an intent that was damaged', () => {
  const uuids = ['0d9f4a4c-5a3e-4f0e-8e5b-2f1d6c1f7a10', '7c0b1a52-93a7-4a43-b2a1-6e1f3f0c9d11'];
  const whole = encodeIntent([
    intentLog('player', uuids[0] as string, JSON.stringify({ rid: uuids[1], note: 'x'.repeat(100) })),
    intentLog('builder', 'an id', JSON.stringify({ rid: uuids[1], note: 'y'.repeat(10) })),
  ]);

  test('in any of its bytes is an error, the UUIDs beside the compressed logs included', () => {
    for (let position = 1; position < whole.length; position++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(whole);
        damaged[position] = (whole[position] as number) ^ change;
        expect(() => decodeIntent(damaged), `byte ${position}`).toThrow(FeedItemDamaged);
      }
    }
  });

  test('by being cut or lengthened is an error', () => {
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeIntent(whole.subarray(0, length))).toThrow(FeedItemDamaged);
    expect(() => decodeIntent(Buffer.concat([whole, Buffer.of(0)]))).toThrow(FeedItemDamaged);
  });

  test('in any way is an error, and leaves the next one as it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(whole.length), (bytes, from) => {
        const damaged = Buffer.concat([whole.subarray(0, from), bytes, whole.subarray(from + bytes.length)]);
        fc.pre(!damaged.equals(whole) && damaged[0] === 1);
        expect(() => decodeIntent(damaged)).toThrow(FeedItemDamaged);
        expect(decodeIntent(whole).length).toBe(2);
      }),
    );
  });

  test('with a later version is of a later release, whatever follows; with no known version it is damaged', () => {
    const withVersion = (version: number) => Buffer.concat([Buffer.of(version), whole.subarray(1)]);
    for (const later of [2, 255]) expect(() => decodeIntent(withVersion(later))).toThrow(UnknownFeedVersion);
    expect(() => decodeIntent(Buffer.of(2))).toThrow('(intent) of version 2, which this release cannot read');
    expect(() => decodeIntent(withVersion(0))).toThrow(FeedItemDamaged);
  });
});
