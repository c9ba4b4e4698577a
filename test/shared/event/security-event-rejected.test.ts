import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import { completeSecurityEvent, parseSecurityEvent } from '../../../shared/event/security-event.ts';
import { envelope } from '../../fixtures/security-events.ts';

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
