import { describe, expect, test } from 'vitest';
import { EVENT_GROUPS } from '../../../shared/event/actions.ts';
import { parseFeedQuery } from '../../../shared/query/feed-parameters.ts';
import { parseLogQuery } from '../../../shared/query/parameters.ts';

type Parameters = Record<string, string[]>;
const READERS = [
  [
    'a window',
    (parameters: Parameters) => parseLogQuery({ start_time: ['20261121090000'], ...parameters }, 0),
  ],
  ['the feed', (parameters: Parameters) => parseFeedQuery(parameters)],
] as const;

const logOf = (action: string, rid = 'r'): Buffer =>
  Buffer.from(JSON.stringify({ event: { action }, label: { app_type: 'player', rid } }));

describe.each(READERS)('a request for %s', (_, parse) => {
  const errorOf = (parameters: Parameters): unknown => {
    try {
      return parse(parameters);
    } catch (error) {
      return error;
    }
  };

  test('without a choice wants every log as it is published', () => {
    const { format, matches } = parse({});
    expect([format, matches]).toEqual([undefined, undefined]);
    expect(parse({ format: ['published'] }).format).toBeUndefined();
  });

  test('may want another format, and of OCSF the older version unless it says otherwise', () => {
    expect(parse({ format: ['ecs'] }).format).toEqual({ name: 'ecs' });
    expect(parse({ format: ['ocsf'] }).format).toEqual({ name: 'ocsf', version: '1.1.0' });
    expect(parse({ format: ['ocsf'], ocsf_version: ['1.8.0'] }).format).toEqual({
      name: 'ocsf',
      version: '1.8.0',
    });
  });

  test('may want some of the logs: those that match every filter', () => {
    const { matches } = parse({ action: ['Authentication,OPENED'], outcome: ['success,none'], rid: ['r'] });
    const wanted = Object.values(EVENT_GROUPS)
      .flat()
      .filter((action) => matches?.(logOf(action)));
    expect(wanted).toEqual([
      'CheckAuthResponseMissingCredentials',
      'CheckAuthResponseAuthenticationSucceed',
      'OPENED',
    ]);
    expect(matches?.(logOf('OPENED', 'r2'))).toBe(false);
  });

  test.each<[Parameters, string, string]>([
    [{ format: ['cef'] }, 'invalid_format', 'format is "cef"; accepted: published, ecs, ocsf'],
    [{ format: ['ECS'] }, 'invalid_format', 'format is "ECS"'],
    [{ format: ['ecs', 'ecs'] }, 'repeated_parameter', 'format is given 2 times'],
    [
      { format: ['ocsf'], ocsf_version: ['1.2.0'] },
      'invalid_ocsf_version',
      'ocsf_version is "1.2.0"; accepted: 1.1.0, 1.8.0',
    ],
    [
      { format: ['ecs'], ocsf_version: ['1.8.0'] },
      'invalid_ocsf_version',
      'ocsf_version is "1.8.0"; accepted: only together with format=ocsf',
    ],
    [{ ocsf_version: ['1.1.0'] }, 'invalid_ocsf_version', 'only together with format=ocsf'],
    [{ action: ['opened'] }, 'invalid_action', 'action is "opened"; accepted: one or several'],
    [{ outcome: [''] }, 'invalid_outcome', 'outcome is ""; accepted: one or several'],
    [{ rid: [''] }, 'invalid_rid', 'rid is ""; accepted: a text of 1 to 1024 characters'],
    [{ rid: ['a', 'b'] }, 'repeated_parameter', 'rid is given 2 times'],
  ])('is refused with %j: %s', (parameters, code, message) => {
    expect(errorOf(parameters)).toMatchObject({
      status: 400,
      code,
      message: expect.stringContaining(message),
    });
  });
});

test('the feed keeps every choice for the next request, as it was written', () => {
  const choices = {
    limit: '7',
    app_type: 'player',
    format: 'ocsf',
    ocsf_version: '1.8.0',
    action: 'Link Sent',
    outcome: 'none',
    rid: 'a&b=c',
  };
  const parameters = Object.fromEntries(Object.entries(choices).map(([name, value]) => [name, [value]]));
  expect(parseFeedQuery({ ...parameters, start_time: ['now'] }).kept).toEqual(choices);
});

describe('the order and the end of a window', () => {
  const parse = (parameters: Parameters) =>
    parseLogQuery({ start_time: ['20261121090000'], ...parameters }, 0);

  test('are what they are said to be', () => {
    expect(parse({ order: ['desc'], end: ['line'] })).toMatchObject({ order: 'desc', end: 'line' });
    expect(parse({ order: ['asc'] })).toMatchObject({ order: 'asc' });
  });

  test.each([
    [{ order: ['DESC'] }, 'invalid_order', 'order is "DESC"; accepted: asc, desc'],
    [{ end: ['true'] }, 'invalid_end', 'end is "true"; accepted: line'],
  ])('are refused as %j: %s', (parameters, code, message) => {
    expect(() => parse(parameters)).toThrow(expect.objectContaining({ status: 400, code, message }));
  });

  test('are not for the feed', () => {
    for (const parameters of [{ order: ['desc'] }, { end: ['line'] }])
      expect(() => parseFeedQuery(parameters)).toThrow('unknown parameter');
  });
});
