import { describe, expect, it } from 'vitest';
import {
  PRODUCER_SOURCES,
  SECURITY_EVENT,
  SECURITY_EVENT_REJECTED,
  SECURITY_LOG_STORED,
  SERVICE_SOURCE,
} from '../../shared/bus-events.ts';
import { EVENT_ACTIONS, type EventAction } from '../../shared/event-actions.ts';
import { matches } from './matches.ts';
import { synthesize } from './synthesize.ts';

const CHOSEN: EventAction[] = ['OPENED', 'CheckAuthResponseAuthenticationFailed'];
const UNCHOSEN = EVENT_ACTIONS.filter((action) => !CHOSEN.includes(action));

const rules = (events: readonly EventAction[]) =>
  synthesize({ events: [...events] })
    .all('AWS::Events::Rule')
    .map(({ id, properties }) => ({ id, pattern: properties.EventPattern, properties }));

const someChosen = rules(CHOSEN);

/** Which of the rules select an event. */
const selectedBy = (source: string, detailType: string, detail: Parameters<typeof matches>[1] = {}) =>
  someChosen
    .filter(({ pattern }) => matches(pattern, { source, 'detail-type': detailType, detail: detail ?? {} }))
    .map(({ id }) => /(Chosen|Unknown|Rejected)Events/.exec(id)?.[1]);

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
  it.each(CHOSEN)('with the chosen action %s becomes a log', (action) => {
    expect(selectedBy(source, SECURITY_EVENT, withAction(action))).toEqual(['Chosen']);
  });

  it.each(UNCHOSEN)('with the action %s, which is known but not chosen, is dropped', (action) => {
    expect(selectedBy(source, SECURITY_EVENT, withAction(action))).toEqual([]);
  });

  it.each(NOT_AN_ACTION.map((detail) => JSON.stringify(detail)))(
    'with the detail %s is rejected',
    (detail) => {
      expect(selectedBy(source, SECURITY_EVENT, JSON.parse(detail))).toEqual(['Unknown']);
    },
  );

  it.each(['security event', '', SECURITY_LOG_STORED, SECURITY_EVENT_REJECTED])(
    'with the detail-type "%s" is rejected, whatever its action',
    (detailType) => {
      for (const detail of [...NOT_AN_ACTION, ...EVENT_ACTIONS.map(withAction)]) {
        expect(selectedBy(source, detailType, detail)).toEqual(['Unknown']);
      }
    },
  );
});

describe('the rest of the bus', () => {
  it.each(['easysend', 'easysend.player2', 'EASYSEND.PLAYER', 'com.example'])(
    'an event of the source %s is rejected, whatever it says',
    (source) => {
      for (const detailType of [SECURITY_EVENT, SECURITY_LOG_STORED, SECURITY_EVENT_REJECTED, 'other']) {
        expect(selectedBy(source, detailType, withAction('OPENED'))).toEqual(['Unknown']);
      }
    },
  );

  it('what the service says of a stored log comes back to nobody here, and a rejection is kept', () => {
    expect(selectedBy(SERVICE_SOURCE, SECURITY_LOG_STORED)).toEqual([]);
    expect(selectedBy(SERVICE_SOURCE, SECURITY_EVENT_REJECTED)).toEqual(['Rejected']);
  });

  it.each([SECURITY_EVENT, 'other'])('a "%s" under the name of the service is rejected', (detailType) => {
    expect(selectedBy(SERVICE_SOURCE, detailType, withAction('OPENED'))).toEqual(['Unknown']);
  });
});

describe('every rule', () => {
  const allChosen = rules(EVENT_ACTIONS);

  it('has a pattern within the 2,048 characters EventBridge takes', () => {
    for (const { pattern } of allChosen) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
  });

  it('has one target, which is given the whole event', () => {
    for (const { properties } of allChosen) {
      expect(properties.Targets).toHaveLength(1);
      expect(Object.keys(properties.Targets[0]).sort()).toEqual(['Arn', 'DeadLetterConfig', 'Id']);
    }
  });

  it('selects from the bus of security events', () => {
    const { all } = synthesize();
    expect(all('AWS::Events::EventBus').map(({ properties }) => properties.Name)).toEqual([
      'security-events',
    ]);
    const [bus] = all('AWS::Events::EventBus');
    for (const { properties } of allChosen) expect(properties.EventBusName).toEqual({ Ref: bus?.id });
  });

  it('of the two that feed ingest, feeds the same queue', () => {
    const queues = allChosen
      .filter(({ id }) => id.startsWith('Ingest'))
      .map(({ properties }) => JSON.stringify(properties.Targets[0].Arn));
    expect(queues).toHaveLength(2);
    expect(new Set(queues).size).toBe(1);
  });
});
