import fc from 'fast-check';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import { APPLICATIONS } from '../../shared/event/bus-events.ts';

/** Logs for the page's tests, with few different values, so that filters find some of them. */

export const START = Date.UTC(2026, 10, 21, 9);

/** Values that are alike, that have signs of the query language, and that are hostile. */
const text = fc.constantFrom(
  'Claims',
  'claims',
  'Claims EU',
  'a*b',
  'a:b',
  '-a',
  '"quoted"',
  'back\\slash',
  'abc-123',
  'é',
  '\u202Egpj.exe',
  '<img src=x onerror=alert(1)>',
  '=1+1',
);

/** Fields that may be absent, as the published format has them. */
export const anyLog = fc
  .record({
    time: fc.integer({ min: 0, max: 50 }),
    action: fc.constantFrom(...EVENT_ACTIONS),
    application: fc.constantFrom(...APPLICATIONS),
    group: fc.option(text, { nil: undefined }),
    rid: fc.option(fc.constantFrom('r-1', 'r-2', 'abc-123'), { nil: undefined }),
    page: fc.option(text, { nil: undefined }),
    country: fc.option(text, { nil: undefined }),
    isMobile: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ time, action, application, group, rid, page, country, isMobile }) => ({
    ecs: { version: '8.11.0' },
    '@timestamp': new Date(START + time * 1000).toISOString(),
    ...(isMobile !== undefined && { user_agent: { os: { is_mobile_device: isMobile } } }),
    event: { action },
    ...(country !== undefined && { geo: { country_name: country } }),
    label: {
      app_type: application,
      ...(group !== undefined && { business_group: group }),
      ...(page !== undefined && { page_name: page }),
      ...(rid !== undefined && { rid }),
    },
  }));

export const anyLogs = fc.array(anyLog, { maxLength: 40 });

/** The values of a log by the whole names of its fields. */
export function valuesOf(log: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(log).flatMap(([name, value]): [string, string][] =>
      typeof value === 'object'
        ? [...valuesOf(value, `${prefix}${name}.`)]
        : [[prefix + name, String(value)]],
    ),
  );
}
