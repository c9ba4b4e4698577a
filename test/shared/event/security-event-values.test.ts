import { describe, expect, test } from 'vitest';
import { complete, IPHONE, read } from '../../fixtures/security-events.ts';

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
