import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../../../shared/event/actions.ts';
import { ecsLog, toEcs } from '../../../../shared/log/formats/ecs.ts';
import { ECS_SCHEMAS, type EcsSchema, ecsProblems } from '../../../fixtures/ecs-schema.ts';
import { FULL_LOG, logWithAction } from '../../../fixtures/full-log.ts';

const CREATED_AT = Date.parse('2026-11-21T09:00:01.500Z');
const ecs = (log: object) =>
  JSON.parse(
    ecsLog({ id: 'my-own-id', json: Buffer.from(JSON.stringify(log)), createdAt: CREATED_AT }).toString(),
  );

describe('a log in ECS', () => {
  test('has each field where ECS has a place for it, and the others as labels', () => {
    expect(ecs(FULL_LOG)).toEqual({
      '@timestamp': '2026-11-21T09:00:00.123Z',
      ecs: { version: '8.11.0' },
      event: {
        id: 'my-own-id',
        kind: 'event',
        category: ['authentication'],
        type: ['start'],
        action: 'CheckAuthResponseAuthenticationFailed',
        outcome: 'failure',
        module: 'easysend',
        dataset: 'easysend.player',
        created: '2026-11-21T09:00:01.500Z',
        ingested: '2026-11-21T09:00:01.500Z',
        timezone: 'Europe/London',
      },
      service: { name: 'player', version: '4.12.0', environment: 'production' },
      organization: { id: 'acme-insurance', name: 'Acme Insurance' },
      client: { ip: '203.0.113.24', geo: { country_name: 'United Kingdom', region_name: 'England' } },
      source: { ip: '203.0.113.24' },
      related: { ip: ['203.0.113.24'] },
      url: { full: 'https://player.example/car-claim', domain: 'player.example' },
      user_agent: {
        original: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)',
        name: 'Mobile Safari',
        device: { name: 'iPhone' },
        os: { name: 'iOS', family: 'iOS', full: 'iOS 17.5' },
      },
      http: { request: { id: 'request-1' } },
      labels: {
        browser_language: 'en-GB',
        browser_platform: 'iPhone',
        is_mobile_device: 'true',
        is_verified_bot: 'false',
        business_group: 'Claims',
        business_group_id: 'claims-1',
        deploy_timestamp: '2026-11-01T08:00:00Z',
        is_co_browsing_on: 'false',
        master_rid: 'master-1',
        page_analytics_id: 'analytics-1',
        page_index: '1',
        page_name: 'verify',
        process_id: 'car-claim',
        process_multi_language: 'en',
        rid: 'rid-1',
        role: 'customer',
        source_type: 'SMS',
        source_value: '+1 555 0100',
        step_id: 'step-1',
        step_index: '2',
        web_flow_name: 'Report damage to a car',
        webflow_id: 'webflow-1',
        authentication_method: 'OTP',
        authentication_status: 'failed',
        auth_action: 'submit',
        auth_page: 'verify-code',
      },
    });
  });

  test('with nothing but what every log has is without empty groups', () => {
    expect(ecs(logWithAction('OPENED'))).toEqual({
      '@timestamp': '2026-11-21T09:00:00.123Z',
      ecs: { version: '8.11.0' },
      event: {
        id: 'my-own-id',
        kind: 'event',
        category: ['web'],
        type: ['access'],
        action: 'OPENED',
        module: 'easysend',
        dataset: 'easysend.builder',
        created: '2026-11-21T09:00:01.500Z',
        ingested: '2026-11-21T09:00:01.500Z',
      },
      service: { name: 'builder' },
    });
  });

  test.each([
    ['CheckAuthResponseMissingCredentials', 'authentication', 'info', undefined],
    ['CheckAuthResponseAuthenticationSucceed', 'authentication', 'start', 'success'],
    ['CheckAuthResponseAuthenticationError', 'authentication', 'start', 'failure'],
    ['CheckAuthResponseAuthenticationFailed', 'authentication', 'start', 'failure'],
    ['LINK_SENT', 'web', 'info', undefined],
    ['OPENED', 'web', 'access', undefined],
    ['DATA_SUBMITTED', 'web', 'access', undefined],
    ['STEP_COMPLETED', 'web', 'info', undefined],
    ['COMPLETED', 'web', 'info', undefined],
  ] as const)('of %s is %s, %s, %s', (action, category, type, outcome) => {
    const { event } = toEcs(logWithAction(action), 'id', CREATED_AT);
    expect(event).toMatchObject({ category: [category], type: [type], outcome });
  });
});

describe.each(Object.entries(ECS_SCHEMAS))('the schema of ECS %s', (_, schema) => {
  const valid = ecs(FULL_LOG);
  const problems = (document: object, of: EcsSchema = schema) => ecsProblems(of, { ...valid, ...document });

  test('accepts the example, with every action', () => {
    for (const action of EVENT_ACTIONS) expect(problems(ecs({ ...FULL_LOG, event: { action } }))).toEqual([]);
  });

  test.each([
    [{ label: { rid: '1' } }, 'label.rid is not a field'],
    [{ os: { family: 'iOS' } }, 'os.family is not a field'],
    [{ geo: { country_name: 'Spain' } }, 'geo.country_name is not a field'],
    [{ client: { ip: 'localhost' } }, 'client.ip is not of the type ip'],
    [{ client: { ip: { v4: '1.2.3.4' } } }, 'client.ip is not of the type ip'],
    [{ related: { ip: '203.0.113.24' } }, 'related.ip is not a list'],
    [{ '@timestamp': 1795251600123 }, '@timestamp is not of the type date'],
    [{ '@timestamp': undefined, ecs: {} }, 'ecs.version is missing'],
    [{ labels: { is_bot: true } }, 'labels is not of the type object'],
    [{ labels: { os: { family: 'iOS' } } }, 'labels is not of the type object'],
    [{ service: { name: '' } }, 'service.name is not of the type keyword'],
    [{ service: { name: ['player'] } }, 'service.name is a list'],
    [{ event: { kind: 'log' } }, 'event.kind has a value that is not allowed'],
    [{ event: { category: 'web' } }, 'event.category is not a list'],
    [{ event: { category: ['web'], type: ['start'] } }, 'event.type start does not go with the category'],
    [{ event: { outcome: 'none' } }, 'event.outcome has a value that is not allowed'],
    [{ user_agent: { os: { type: 'iOS' } } }, 'user_agent.os.type has a value that is not allowed'],
  ])('rejects %j', (change, problem) => {
    expect(problems(change)).toContain(problem);
  });
});
