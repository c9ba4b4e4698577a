import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EventRejected } from '../../../shared/errors.ts';
import { SAFE_DETAIL_BYTES } from '../../../shared/event/bus-limits.ts';
import { rejectedDetail } from '../../../shared/event/rejection.ts';

const error = new EventRejected('unknown_action', `event.action is "${'\u0001"'.repeat(100)}"`);
const reason = { code: error.code, message: error.message };
const detail = (body: string) => {
  const json = rejectedDetail(error, body);
  expect(Buffer.byteLength(json)).toBeLessThanOrEqual(SAFE_DETAIL_BYTES);
  return { json, ...JSON.parse(json) };
};

describe('the detail of a rejection', () => {
  test('has the reason, and the original in the very text in which it came', () => {
    const body = '{ "n": 1.0, "n": 1E400, "t": "\\u0041" }';
    const { json, ...parsed } = detail(body);
    expect(json).toContain(body);
    expect(parsed.reason).toEqual(reason);
  });

  test('has an original that is no JSON as a string', () => {
    for (const body of ['', 'no JSON \ud800', '{"a":']) expect(detail(body).event).toBe(body);
  });

  test('has an original as a string whose nesting EventBridge would refuse', () => {
    const deep = (depth: number) => `${'['.repeat(depth)}"]]\\"]"${']'.repeat(depth)}`;
    expect(detail(deep(999)).event).toEqual(JSON.parse(deep(999)));
    expect(detail(deep(1000)).event).toBe(deep(1000));
    expect(detail(deep(12_000)).event).toBe(deep(12_000));
  });

  test('has the whole of an original as long as it safely fits', () => {
    const rest = Buffer.byteLength(rejectedDetail(error, '""'));
    const fits = `"${'x'.repeat(SAFE_DETAIL_BYTES - rest)}"`;
    expect(Buffer.byteLength(detail(fits).json)).toBe(SAFE_DETAIL_BYTES);
    expect(detail(fits).event).toBe(JSON.parse(fits));
    expect(detail(`${fits} `).event).toBeUndefined();
  });

  test.each([
    ['JSON', JSON.stringify({ x: 'ü'.repeat(600_000) })],
    ['no JSON, and twice as long as a string', '"'.repeat(700_000)],
    ['no JSON, and six times as long as a string', '\u0001'.repeat(1024 * 1024)],
  ])('of an original that is too large has the beginning, the size and the SHA-256: %s', (_, body) => {
    const { json, ...parsed } = detail(body);
    expect(parsed).toEqual({
      reason,
      cutEvent: {
        beginning: body.slice(0, 100_000),
        bytes: Buffer.byteLength(body),
        sha256: createHash('sha256').update(body).digest('hex'),
      },
    });
  });
});
