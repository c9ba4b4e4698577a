import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import {
  completeSecurityEvent,
  parseSecurityEvent,
  readSecurityEvent,
} from '../../../shared/event/security-event.ts';

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

/** Reads an event whose detail is this JSON, as it was published. */
const read = (detail: string) =>
  readSecurityEvent(`${JSON.stringify(envelope(undefined)).slice(0, -1)},"detail":${detail}}`);

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

describe('a number where a text belongs', () => {
  const rid = (number: string) =>
    read(`{"event":{"action":"OPENED"},"label":{"rid":${number}}}`).log.label.rid;

  test.each([
    '0',
    '7',
    '1.0',
    '-0',
    '1E2',
    '1e400',
    '-1.50e-07',
    '1234567890123456781',
    '0.1000000000000000055511151231257827',
  ])('keeps the digits of %s', (number) => {
    expect(rid(number)).toBe(number);
    expect(rid(` \n${number}\t`)).toBe(number);
  });

  test('keeps its digits as an id, so that neighbours of large ids stay neighbours', () => {
    const idOf = (id: string) => read(`{"event":{"action":"OPENED","id":${id}}}`).id;
    const ids = ['1234567890123456780', '1234567890123456781', '1234567890123456782'];
    expect(ids.map(idOf)).toEqual(ids);
  });

  test('is cut as any text', () => {
    expect(rid('1'.repeat(2000))).toBe(`${'1'.repeat(1023)}…`);
  });

  test('leaves texts beside it as they are, whatever they look like', () => {
    const { log } = read(
      String.raw`{"event":{"action":"OPENED"},"label":{"rid":1.0,"role":"\\","page_name":"say \"1.0\", -2","step_id":"3.0"}}`,
    );
    expect(log.label).toEqual({
      app_type: 'player',
      rid: '1.0',
      role: '\\',
      page_name: 'say "1.0", -2',
      step_id: '3.0',
    });
  });

  test('changes nothing where a boolean, an address or a group belongs', () => {
    const { log, corrections } = read(
      '{"event":{"action":"OPENED"},"label":{"rid":1,"is_co_browsing_on":1},"client":{"ip":16909060},"url":5,"x":6}',
    );
    expect(log.label).toEqual({ app_type: 'player', rid: '1' });
    expect([log.client, log.url, corrections.unknownFields]).toEqual([undefined, undefined, 1]);
  });

  test('is read however deep the rest of the event is nested', () => {
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`;
    expect(read(`{"deep":${deep},"event":{"action":"OPENED"},"label":{"rid":1.0}}`).log.label.rid).toBe(
      '1.0',
    );
  });

  test('is read in time, however many there are', () => {
    const many = `[${'0,'.repeat(400_000)}"${'\\\\'.repeat(50_000)}"]`;
    expect(read(`{"many":${many},"event":{"action":"OPENED"},"label":{"rid":1.0}}`).log.label.rid).toBe(
      '1.0',
    );
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

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is an unknown field like any other, wherever it stands',
    (name) => {
      const stray = `"${name}":{"rid":"x","action":"y"}`;
      const { log, corrections } = read(
        `{${stray},"event":{"action":"OPENED",${stray}},"label":{${stray}},"user_agent":{"os":{${stray}}}}`,
      );
      expect(log.label).toEqual({ app_type: 'player' });
      expect(log.event).toEqual({ action: 'OPENED' });
      expect(corrections.unknownFields).toBe(4);
    },
  );

  test('characters are UTF-16 code units: 512 emoji fill a text of 1,024, and one more is cut', () => {
    expect(label('\u{1f600}'.repeat(512))).toBe('\u{1f600}'.repeat(512));
    expect(label('\u{1f600}'.repeat(513))).toBe(`${'\u{1f600}'.repeat(511)}…`);
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
    [
      'a time before 1970',
      envelope({ event: { action: 'OPENED' } }, { time: '1969-12-31T23:59:59Z' }),
      'no_usable_time',
      'time is "1969-12-31T23:59:59Z"',
    ],
    [
      'a time after 9999',
      envelope({ event: { action: 'OPENED' } }, { time: '+33658-09-27T01:46:40Z' }),
      'no_usable_time',
      'in the years 1970 to 9999',
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
