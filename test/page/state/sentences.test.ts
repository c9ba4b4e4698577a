import { describe, expect, test } from 'vitest';
import { curlCommand } from '../../../page/state/curl.ts';
import { errorSentence, obstacleSentence } from '../../../page/state/error-sentence.ts';
import { counted, formatBytes, formatSpan, formatTime, parseInput } from '../../../page/state/format.ts';
import { storySentence } from '../../../page/state/story-sentence.ts';
import { GATEWAY_ERRORS, SERVICE_ERRORS } from '../../../shared/http-errors.ts';

describe('each error of the API', () => {
  test.each(Object.entries({ ...SERVICE_ERRORS, ...GATEWAY_ERRORS }))(
    '%s has a sentence and a way out',
    (code, error) => {
      const status = Number(error.status) || 500;
      const { text, wayOut } = errorSentence({ status, code, message: 'M.', retryAfter: 0, requestId: 'r' });
      expect(text).toMatch(/^The |^One |^Too /);
      expect(text).toMatch(/\.$/);
      expect(wayOut).toBe(status === 401 ? 'enter-key' : status === 408 ? 'shorter-range' : 'ask-again');
    },
  );

  test.each(['unreachable', 'cut', 'page_error'])('no answer (%s) has one too', (code) => {
    expect(
      errorSentence({ status: 0, code, message: 'M.', retryAfter: 0, requestId: undefined }).text,
    ).toMatch(/\.$/);
  });

  test('that the page overcomes by itself is told', () => {
    expect(obstacleSentence({ kind: 'smaller-windows' })).toContain('smaller windows');
    expect(obstacleSentence({ kind: 'cut' })).toContain('again');
    expect(obstacleSentence({ kind: 'waiting', code: 'throttled', milliseconds: 2100 })).toContain('in 3 s');
    expect(obstacleSentence({ kind: 'waiting', code: 'store_unavailable', milliseconds: 1000 })).toContain(
      'in 1 s',
    );
  });
});

test.each([
  [['none'], ''],
  [['success'], 'Authentication succeeded.'],
  [['failure', 'none', 'failure', 'failure', 'success'], 'Authentication failed 3 times, then it succeeded.'],
  [
    ['failure', 'success', 'failure', 'failure', 'success'],
    'Authentication failed twice (3 times in all), then it succeeded.',
  ],
  [['failure'], 'Authentication failed once and never succeeded.'],
  [['success', 'failure'], 'Authentication failed once after it had succeeded.'],
])('the outcomes %j are told as: %s', (outcomes, sentence) => {
  expect(storySentence(outcomes)).toBe(sentence);
});

test.each([
  [0, '0 ms'],
  [999.6, '1000 ms'],
  [2500, '2.5 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [184_000, '3 min 4 s'],
  [7_500_000, '2 h 5 min'],
  [97_200_000, '1 d 3 h'],
])('%d ms are shown as %s', (span, text) => {
  expect(formatSpan(span)).toBe(text);
});

test('times are shown in UTC or in the local zone, and read as they are shown', () => {
  const at = Date.UTC(2026, 10, 21, 9, 0, 0, 123);
  expect(formatTime(at, 'utc')).toBe('2026-11-21 09:00:00.123');
  expect(Date.parse(`${formatTime(at, 'local').replace(' ', 'T')}`)).toBe(at);
  expect(parseInput('2026-11-21T09:00:00', 'utc')).toBe(at - 123);
});

test('numbers are shown with their nouns and units', () => {
  expect([counted(1, 'log'), counted(1200, 'log'), counted(2, 'process', 'processes')]).toEqual([
    ...['1 log', '1,200 logs', '2 processes'],
  ]);
  expect([formatBytes(900), formatBytes(1_550_000), formatBytes(74_000_000)]).toEqual([
    '1 kB',
    '1.6 MB',
    '74 MB',
  ]);
});

test('a command for curl has the key in a variable, and no quote of a value ends its word', () => {
  const command = curlCommand('http://127.0.0.1:3000/player/api/get-security-logs', {
    rid: "it's; rm -rf /",
  });
  expect(command).toBe(
    `curl -s --compressed -H "apiKey: $EASYSEND_SECURITY_LOGS_API_KEY" -H 'Accept: application/x-ndjson' 'http://127.0.0.1:3000/player/api/get-security-logs?rid=it%27s%3B+rm+-rf+%2F'`,
  );
});
