import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../shared/event-actions.ts';
import { completeSecurityEvent, parseSecurityEvent } from '../../shared/security-event.ts';

const ENVELOPE_ID = '0d9f4a4c-5a3e-4f0e-8e5b-2f1d6c1f7a10';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
  'Version/17.5 Mobile/15E148 Safari/604.1';

const envelope = (detail: unknown, others: object = {}) => ({
  id: ENVELOPE_ID,
  source: 'easysend.player',
  'detail-type': 'Security Event',
  time: '2026-11-21T09:00:00Z',
  detail,
  ...others,
});

const complete = (detail: object, others: object = {}) =>
  completeSecurityEvent(parseSecurityEvent(envelope({ event: { action: 'OPENED' }, ...detail }, others)));

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
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

  test.each([[''], [null], [{}], [[]]])('%j is absent: the id of the envelope', (id) => {
    expect(idOf(id)).toBe(ENVELOPE_ID);
  });

  test('of 128 bytes is kept, of 129 is replaced by its SHA-256', () => {
    expect(idOf('ü'.repeat(64))).toBe('ü'.repeat(64));
    expect(idOf(`${'ü'.repeat(64)}x`)).toBe(sha256(`${'ü'.repeat(64)}x`));
  });

  test('that is not well-formed is replaced, and two such ids stay two', () => {
    expect(idOf('a\ud800')).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf('a\ud800')).not.toBe(idOf('a\ud801'));
  });

  test('that is a number becomes a text', () => {
    expect(idOf(42)).toBe('42');
  });

  test('is no field of the log', () => {
    expect(complete({ event: { action: 'OPENED', id: 'x' } }).log.event).toEqual({ action: 'OPENED' });
  });
});

describe('what an end user controls', () => {
  const label = (rid: unknown) => complete({ label: { rid } }).log.label.rid;
  const ip = (value: unknown) => complete({ client: { ip: value } }).log.client?.ip;

  test('a text is cut to 1,024 characters that end with an ellipsis', () => {
    expect(label('x'.repeat(1024))).toBe('x'.repeat(1024));
    expect(label('x'.repeat(1025))).toBe(`${'x'.repeat(1023)}…`);
  });

  test('a text is never cut inside a code point', () => {
    expect(label(`${'x'.repeat(1022)}\u{1f600}y`)).toBe(`${'x'.repeat(1022)}…`);
    expect(label(`${'x'.repeat(1021)}\u{1f600}yz`)).toBe(`${'x'.repeat(1021)}\u{1f600}…`);
  });

  test('a URL and a user agent may have 4,096 characters', () => {
    const url = `https://a.example/${'x'.repeat(5000)}`;
    const { log } = complete({ url: { full: url }, user_agent: { original: IPHONE.padEnd(5000, '.') } });
    expect(log.url).toEqual({ full: `${url.slice(0, 4095)}…`, domain: 'a.example' });
    expect(log.user_agent?.original?.length).toBe(4096);
    expect(log.user_agent?.name).toBe('Mobile Safari');
  });

  test('the domain comes from the URL as it was sent, even if the host itself lies behind the cut', () => {
    const { log } = complete({ url: { full: `https://${'u'.repeat(5000)}@host.example/` } });
    expect(log.url?.domain).toBe('host.example');
  });

  test('a lone surrogate becomes the replacement character, so that every JSON parser takes the answer', () => {
    expect(label('a\ud800b')).toBe('a\ufffdb');
  });

  test.each([
    [7, '7'],
    [1.5, '1.5'],
    [true, 'true'],
    ['', undefined],
    [null, undefined],
    [[], undefined],
    [{}, undefined],
    [['x'], undefined],
  ])('where a text belongs, %j becomes %j', (value, expected) => {
    expect(label(value)).toBe(expected);
  });

  test.each([
    [true, true],
    ['true', true],
    ['false', false],
    ['TRUE', undefined],
    [1, undefined],
    [null, undefined],
    [{}, undefined],
  ])('where a boolean belongs, %j becomes %j', (value, expected) => {
    expect(complete({ label: { is_co_browsing_on: value } }).log.label.is_co_browsing_on).toBe(expected);
  });

  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['1.2.3.4, 5.6.7.8', '1.2.3.4'],
    ['1.2.3.4:5678', '1.2.3.4'],
    ['unknown, 5.6.7.8', '5.6.7.8'],
    ['[2001:db8::1]:443, 1.2.3.4', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['1.2.3.256', undefined],
    ['01.2.3.4', undefined],
    ['<script>', undefined],
    ['', undefined],
    [',,,', undefined],
    [['1.2.3.4'], undefined],
    [16909060, undefined],
  ])('of the address list %j, %j is the client', (value, expected) => {
    expect(ip(value)).toBe(expected);
  });

  test('unknown fields are dropped and counted, known groups of a wrong type are absent', () => {
    const { log, corrections } = complete({
      foo: 1,
      user_agent: 'curl',
      label: { bar: {}, rid: 'r' },
      geo: [],
    });
    expect(log.label).toEqual({ app_type: 'player', rid: 'r' });
    expect(Object.keys(log)).toEqual(['ecs', '@timestamp', 'event', 'label']);
    expect(corrections.unknownFields).toBe(2);
  });

  test('names like __proto__ are unknown fields like any other', () => {
    const detail = JSON.parse('{"label":{"__proto__":{"rid":"y"},"constructor":{"rid":"z"}}}');
    const { log, corrections } = complete(detail);
    expect(log.label).toEqual({ app_type: 'player' });
    expect(corrections.unknownFields).toBe(2);
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

describe('an event that cannot be a log', () => {
  const reasonFor = (event: unknown) => {
    try {
      completeSecurityEvent(parseSecurityEvent(event));
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error('was not rejected');
  };

  test.each([
    ['no action', envelope({}), 'missing_action', 'event is missing'],
    ['an empty event', envelope({ event: {} }), 'missing_action', 'event.action is missing'],
    [
      'an unknown action',
      envelope({ event: { action: 'Opened' } }),
      'unknown_action',
      'event.action is "Opened"',
    ],
    [
      'a list of actions',
      envelope({ event: { action: ['OPENED'] } }),
      'unknown_action',
      'event.action is an array',
    ],
    [
      'an unknown source',
      envelope({ event: { action: 'OPENED' } }, { source: 'x' }),
      'unknown_source',
      'Source is "x"',
    ],
    [
      'an unknown detail type',
      envelope({ event: { action: 'OPENED' } }, { 'detail-type': 'security event' }),
      'unknown_detail_type',
      'DetailType is "security event"',
    ],
    [
      'no usable time',
      envelope({ event: { action: 'OPENED' } }, { time: '-' }),
      'no_usable_time',
      'time is "-"',
    ],
    ['no envelope', [], 'not_an_event', 'the message is an array'],
    ['no detail', { ...envelope({}), detail: 1 }, 'not_an_event', 'detail is 1'],
  ])('%s is rejected as such', (_, event, code, words) => {
    const { code: given, message } = reasonFor(event);
    expect(given).toBe(code);
    expect(message).toContain(words);
    expect(message).toContain('accepted: ');
  });

  test('is told the nine actions', () => {
    const { message } = reasonFor(envelope({ event: { action: 'x' } }));
    for (const action of EVENT_ACTIONS) expect(message).toContain(action);
  });

  test('a very long wrong value is cut in the reason', () => {
    expect(reasonFor(envelope({ event: { action: 'x'.repeat(10_000) } })).message.length).toBeLessThan(600);
  });
});
