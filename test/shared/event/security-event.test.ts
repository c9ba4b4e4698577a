import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { complete, ENVELOPE_ID, IPHONE, read } from '../../fixtures/security-events.ts';

describe('an event that knows its action only', () => {
  test('is a log with the envelope for the rest', () => {
    const { corrections, ...log } = complete({});
    expect(log).toEqual({
      application: 'player',
      timestamp: Date.parse('2026-11-21T09:00:00Z'),
      id: ENVELOPE_ID,
      log: {
        ecs: { version: '8.11.0' },
        '@timestamp': '2026-11-21T09:00:00.000Z',
        event: { action: 'OPENED' },
        label: { app_type: 'player' },
      },
    });
    expect(corrections).toEqual({ unknownFields: 0, replacedTimestamps: 1, replacedAppTypes: 0 });
  });
});

describe('the application', () => {
  test('is the source, whatever the label says', () => {
    const { log, application, corrections } = complete(
      { label: { app_type: 'player' } },
      { source: 'easysend.builder' },
    );
    expect([application, log.label.app_type, corrections.replacedAppTypes]).toEqual([
      'builder',
      'builder',
      1,
    ]);
  });

  test('is not counted as replaced when the label agrees', () => {
    expect(complete({ label: { app_type: 'player' } }).corrections.replacedAppTypes).toBe(0);
  });
});

describe('the id', () => {
  const idOf = (id: unknown) => complete({ event: { action: 'OPENED', id } }).id;
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

  test.each([[''], [null], [{}], [[]]])('%j is absent: the id of the envelope', (id) => {
    expect(idOf(id)).toBe(ENVELOPE_ID);
  });

  test('of 128 bytes is kept, of 129 is replaced by its SHA-256', () => {
    expect(idOf('ü'.repeat(64))).toBe('ü'.repeat(64));
    expect(idOf(`${'ü'.repeat(64)}x`)).toBe(`sha256-${sha256(`${'ü'.repeat(64)}x`)}`);
  });

  test('that is not well-formed is replaced, and two such ids stay two', () => {
    expect(idOf('a\ud800')).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect(idOf('a\ud800')).not.toBe(idOf('a\ud801'));
    expect(idOf('a\ud800')).not.toBe(idOf('a\ufffd'));
  });

  test('that is the SHA-256 of a long one is another id', () => {
    const long = 'x'.repeat(200);
    expect(idOf(sha256(long))).toBe(sha256(long));
    const replaced = idOf(long);
    expect(idOf(replaced)).not.toBe(replaced);
    expect(idOf(idOf(replaced))).not.toBe(idOf(replaced));
  });

  test('that is not well-formed is never the long one that has the same bytes in another encoding', () => {
    const illFormed = '\ud841\u4180'.repeat(40);
    const long = 'A\u0600A'.repeat(40);
    expect(Buffer.from(illFormed, 'utf16le')).toEqual(Buffer.from(long));
    expect(idOf(illFormed)).not.toBe(idOf(long));
  });

  test('that is a number becomes a text', () => {
    expect(idOf(42)).toBe('42');
  });

  test('is no field of the log', () => {
    expect(complete({ event: { action: 'OPENED', id: 'x' } }).log.event).toEqual({ action: 'OPENED' });
  });
});

describe('of repeated names in the JSON', () => {
  test('the last counts', () => {
    const { log, id } = read(
      '{"event":{"action":"COMPLETED"},"event":{"action":"OPENED","id":1,"id":2.0},"label":{"rid":1.0,"rid":2.50,"role":"a","role":"b"}}',
    );
    expect([log.event.action, id, log.label.rid, log.label.role]).toEqual(['OPENED', '2.0', '2.50', 'b']);
  });
});

describe('what the service fills in', () => {
  test('is read from the user agent', () => {
    const { log } = complete({ user_agent: { original: IPHONE } });
    expect(log.user_agent).toEqual({
      original: IPHONE,
      name: 'Mobile Safari',
      device: { name: 'iPhone' },
      os: { is_mobile_device: true },
    });
    expect(log.os).toEqual({ family: 'iOS', full: 'iOS 17.5' });
  });

  test('gives way to what the producer sent', () => {
    const { log } = complete({
      ecs: { version: '8.0.0' },
      url: { full: 'https://a.example/', domain: 'mine' },
      user_agent: { original: IPHONE, name: 'Mine', os: { is_mobile_device: false } },
    });
    expect(log.ecs.version).toBe('8.0.0');
    expect(log.url?.domain).toBe('mine');
    expect(log.user_agent?.name).toBe('Mine');
    expect(log.user_agent?.os?.is_mobile_device).toBe(false);
  });

  test.each([
    ['https://user:secret@a.example:8443/p?q', 'a.example'],
    ['https://[2001:db8::1]:8443/', '[2001:db8::1]'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['/relative', undefined],
    ['data:text/plain,x', undefined],
    ['https://', undefined],
  ])('the domain of %s is %s', (full, domain) => {
    expect(complete({ url: { full } }).log.url?.domain).toBe(domain);
  });

  test('nothing is made up from a user agent nobody knows', () => {
    expect(complete({ user_agent: { original: 'curl/8.5.0' } }).log.user_agent).toEqual({
      original: 'curl/8.5.0',
    });
  });
});
