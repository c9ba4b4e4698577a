import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS, type EventAction } from '../../shared/event/actions.ts';
import {
  PRODUCER_SOURCES,
  SECURITY_EVENT,
  SECURITY_EVENT_REJECTED,
  SECURITY_LOG_STORED,
  SERVICE_SOURCE,
} from '../../shared/event/bus-events.ts';
import { matches } from './matches.ts';
import { synthesize } from './synthesize.ts';

const CHOSEN: EventAction[] = ['OPENED', 'CheckAuthResponseAuthenticationFailed'];
const UNCHOSEN = EVENT_ACTIONS.filter((action) => !CHOSEN.includes(action));

/** The rules that select events; a schedule selects none. */
const rules = (events: readonly EventAction[]) =>
  synthesize({ events: [...events] })
    .all('AWS::Events::Rule')
    .filter(({ properties }) => properties.ScheduleExpression === undefined)
    .map(({ id, properties }) => ({ id, pattern: properties.EventPattern, properties }));

const someChosen = rules(CHOSEN);

/** Which of the rules select an event. */
const selectedBy = (source: string, detailType: string, detail: Parameters<typeof matches>[1] = {}) =>
  someChosen
    .filter(({ pattern }) => matches(pattern, { source, 'detail-type': detailType, detail: detail ?? {} }))
    .map(({ id }) => /(Ingested|Rejected)Events/.exec(id)?.[1]);

const withAction = (action: unknown) => ({ event: { action } }) as Parameters<typeof matches>[1];

const NOT_AN_ACTION = [
  withAction('LOGGED_IN'),
  withAction('opened'),
  withAction(''),
  withAction(null),
  withAction(7),
  withAction(true),
  withAction([]),
  withAction({ name: 'OPENED' }),
  withAction(undefined),
  { event: 'OPENED' },
  { event: null },
  {},
];

describe.each(PRODUCER_SOURCES)('an event of %s', (source) => {
  test.each(CHOSEN)('with the chosen action %s is given to ingest', (action) => {
    expect(selectedBy(source, SECURITY_EVENT, withAction(action))).toEqual(['Ingested']);
  });

  test.each(UNCHOSEN)('with the action %s, which is known but not chosen, is dropped', (action) => {
    expect(selectedBy(source, SECURITY_EVENT, withAction(action))).toEqual([]);
  });

  test.each(NOT_AN_ACTION.map((detail) => JSON.stringify(detail)))(
    'with the detail %s is given to ingest',
    (detail) => {
      expect(selectedBy(source, SECURITY_EVENT, JSON.parse(detail))).toEqual(['Ingested']);
    },
  );

  test.each(['security event', '', SECURITY_LOG_STORED, SECURITY_EVENT_REJECTED])(
    'with the detail-type "%s" is given to ingest, whatever its action',
    (detailType) => {
      for (const detail of [...NOT_AN_ACTION, ...EVENT_ACTIONS.map(withAction)]) {
        expect(selectedBy(source, detailType, detail)).toEqual(['Ingested']);
      }
    },
  );
});

describe('an event that could be taken for two things', () => {
  const [chosen = '', unchosen = ''] = [CHOSEN[0], UNCHOSEN[0]];

  test.each([
    ['a chosen and an unknown action', withAction([chosen, 'LOGGED_IN'])],
    ['a chosen and an unchosen action', withAction([chosen, unchosen])],
    ['an unchosen and an unknown action', withAction([unchosen, 'LOGGED_IN'])],
    ['two events', { event: [{ action: chosen }, { action: 'LOGGED_IN' }] }],
    ['a chosen action twice', withAction([chosen, chosen])],
  ])('%s: is given to ingest once', (_, detail) => {
    expect(selectedBy('easysend.player', SECURITY_EVENT, detail as never)).toHaveLength(1);
    expect(selectedBy('easysend.player', 'other', detail as never)).toHaveLength(1);
  });
});

/** EventBridge takes a name with a dot for a path, and looks at the elements of arrays. */
describe.each([
  ['in an array', { event: { action: ['COMPLETED'] } }],
  ['in an array of events', { event: [{ action: 'COMPLETED' }] }],
  ['under a flat name', { 'event.action': 'COMPLETED' }],
])('an action %s', (_, detail) => {
  test('counts as unchosen where it is not chosen: it is dropped', () => {
    expect(selectedBy('easysend.player', SECURITY_EVENT, detail)).toEqual([]);
  });

  test('is given to ingest, once, where every event is chosen', () => {
    const event = { source: 'easysend.player', 'detail-type': SECURITY_EVENT, detail };
    const selecting = rules(EVENT_ACTIONS).filter(({ pattern }) => matches(pattern, event));
    expect(selecting).toHaveLength(1);
  });
});

describe('the rest of the bus', () => {
  test.each(['easysend', 'easysend.player2', 'EASYSEND.PLAYER', 'com.example'])(
    'an event of the source %s is given to ingest, whatever it says',
    (source) => {
      for (const detailType of [SECURITY_EVENT, SECURITY_LOG_STORED, SECURITY_EVENT_REJECTED, 'other']) {
        expect(selectedBy(source, detailType, withAction('OPENED'))).toEqual(['Ingested']);
      }
    },
  );

  test('what the service says of a stored log comes back to nobody here, and a rejection is kept', () => {
    expect(selectedBy(SERVICE_SOURCE, SECURITY_LOG_STORED)).toEqual([]);
    expect(selectedBy(SERVICE_SOURCE, SECURITY_EVENT_REJECTED)).toEqual(['Rejected']);
  });

  test.each([SECURITY_EVENT, 'other'])(
    'a "%s" under the name of the service is given to ingest',
    (detailType) => {
      expect(selectedBy(SERVICE_SOURCE, detailType, withAction('OPENED'))).toEqual(['Ingested']);
    },
  );
});

describe('with all events chosen', () => {
  test('whatever a producer publishes is given to ingest, however it says its action', () => {
    const [pattern] = rules(EVENT_ACTIONS).filter(({ id }) => id.includes('Ingested'));
    for (const detail of [...NOT_AN_ACTION, ...EVENT_ACTIONS.map(withAction), withAction(['OPENED'])])
      for (const source of PRODUCER_SOURCES)
        expect(
          matches(pattern?.pattern, { source, 'detail-type': SECURITY_EVENT, detail: detail as never }),
        ).toBe(true);
  });
});

describe('every rule that selects events', () => {
  const allChosen = rules(EVENT_ACTIONS);

  test('has a pattern within the 2,048 characters EventBridge takes', () => {
    for (const { pattern } of allChosen) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
  });

  test('has one target, which is given the whole event', () => {
    for (const { properties } of allChosen) {
      expect(properties.Targets).toHaveLength(1);
      expect(Object.keys(properties.Targets[0]).sort()).toEqual(['Arn', 'DeadLetterConfig', 'Id']);
    }
  });

  test('selects from the bus of security events', () => {
    const { all } = synthesize();
    expect(all('AWS::Events::EventBus').map(({ properties }) => properties.Name)).toEqual([
      'security-events',
    ]);
    const [bus] = all('AWS::Events::EventBus');
    for (const { properties } of allChosen) expect(properties.EventBusName).toEqual({ Ref: bus?.id });
  });

  test('is the only one that feeds its queue: an event that matches in two ways is one message', () => {
    const queues = allChosen.map(({ properties }) => JSON.stringify(properties.Targets[0].Arn));
    expect(new Set(queues).size).toBe(queues.length);
  });
});
