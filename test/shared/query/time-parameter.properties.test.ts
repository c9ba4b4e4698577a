import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTimeParameter, TIME_SCHEMA } from '../../../shared/query/time-parameter.ts';

const patterns = TIME_SCHEMA.anyOf.map(({ pattern }) => new RegExp(pattern, 'u'));
const isAccepted = (value: string): boolean => patterns.some((pattern) => pattern.test(value));

/** Digits where a time has digits, and mostly such that it is a time. */
const digits = (min: number, max: number, length: number) =>
  fc
    .oneof({ weight: 9, arbitrary: fc.integer({ min, max }) }, fc.integer({ min: 0, max: 10 ** length - 1 }))
    .map((number) => String(number).padStart(length, '0'));
const parts = [
  digits(0, 9999, 4),
  digits(1, 12, 2),
  digits(27, 31, 2),
  digits(0, 23, 2),
  digits(0, 59, 2),
  digits(0, 60, 2),
] as const;
const zone = fc.oneof(
  fc.constantFrom('Z', 'z', '', 'Z\n'),
  fc
    .tuple(fc.constantFrom('+', '-', ' ', '*'), digits(0, 23, 2), digits(0, 59, 2))
    .map(([sign, hour, minute]) => `${sign}${hour}:${minute}`),
);
const published = fc.tuple(...parts).map((each) => each.join(''));
const rfc3339 = fc
  .tuple(
    fc.tuple(...parts),
    fc.constantFrom('T', 't', ' ', '_'),
    fc.constantFrom('', '.0', '.123456', '.', ',5'),
    zone,
  )
  .map(
    ([[year, month, day, hour, minute, second], separator, fraction, offset]) =>
      `${year}-${month}-${day}${separator}${hour}:${minute}:${second}${fraction}${offset}`,
  );

/** The days on which an offset leads out of the years 0 to 9999. */
const isAtTheEdge = (value: string): boolean => /^(?:0000-01-01|9999-12-31)/.test(value);

describe('the schema of a time', () => {
  test('accepts exactly what can be read', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(published, rfc3339, fc.string()), (value) => {
        fc.pre(!isAtTheEdge(value));
        expect(isAccepted(value), value).toBe(parseTimeParameter(value) !== undefined);
        if (isAccepted(value)) accepted += 1;
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test('accepts whatever can be read at the edges of the years', () => {
    for (const value of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:60Z', '0000-02-29T00:00:00Z'])
      expect([parseTimeParameter(value) !== undefined, isAccepted(value)]).toEqual([true, true]);
  });
});
