import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  evaluationsIn,
  readCelInput,
  takeEvaluation,
} from '../../../../tools/connectors/elastic-cel/cel-contract.ts';
import { filesIn, pageOf } from '../../../../tools/connectors/page-files.ts';

const onPage = filesIn(readFileSync(pageOf('elastic-cel'), 'utf8')).get('filebeat.yml') ?? '';

test('the page has the program, its state with the key of the environment, and the interval', () => {
  const { interval, program, state } = readCelInput(onPage, { EASYSEND_SECURITY_LOGS_API_KEY: 'a key' });
  expect(interval).toBe(10_000);
  expect(state).toEqual({ key: 'a key', url: 'http://127.0.0.1:3000/player/api/security-logs/feed' });
  const lines = program.split('\n').map((line) => line.trim());
  expect(lines[0]).toBe('state.with(');
  expect(lines.at(-1)).toBe(')');
});

test.each([
  ['interval in seconds', /^ +interval: .*\n/m],
  ['resource.url', /^ +resource\.url: .*\n/m],
  ['state on one line', /^ +state: .*\n/m],
  ['program', /^ +program: .*\n/m],
])('a file without %s is refused', (what, line) => {
  expect(() => readCelInput(onPage.replace(line, ''), {})).toThrow(`filebeat.yml has no ${what}`);
});

test('of what mito prints, the evaluations that are whole count', () => {
  const first = { cursor: { value: 'c1' }, events: [{ message: '{"a":"}"}' }], want_more: true };
  const second = { cursor: { value: 'c2' }, events: [], want_more: false };
  const printed = [first, second].map((value) => `${JSON.stringify(value, null, '\t')}\n`).join('');
  expect(evaluationsIn(printed)).toEqual([first, second]);
  expect(evaluationsIn(printed.slice(0, -3))).toEqual([first]);
  expect(evaluationsIn('')).toEqual([]);
});

test('a list of events moves the cursor, and one event, which is an error, does not', () => {
  const cursor = { value: 'c1' };
  expect(takeEvaluation({ events: [{ message: 'a' }], cursor })).toEqual({
    events: [{ message: 'a' }],
    next: cursor,
  });
  const error = { error: { message: 'the feed answers 503 Service Unavailable' } };
  expect(takeEvaluation({ events: error, cursor })).toEqual({ events: [error], next: undefined });
});
