import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../../../shared/event/actions.ts';
import { type OcsfOptions, ocsfLog } from '../../../../shared/log/formats/ocsf.ts';
import type { SecurityLog } from '../../../../shared/log/security-log.ts';
import { FULL_LOG, logWithAction } from '../../../fixtures/full-log.ts';
import { OCSF_VALIDATORS } from '../../../fixtures/ocsf-schema.ts';

const CREATED_AT = Date.parse('2026-11-21T09:00:01.500Z');
const BY_RID: OcsfOptions = { version: '1.1.0', user: 'label.rid' };

const ocsf = (log: SecurityLog, options = BY_RID) =>
  JSON.parse(
    ocsfLog(
      { id: 'my-own-id', json: Buffer.from(JSON.stringify(log)), createdAt: CREATED_AT },
      options,
    ).toString(),
  );

describe('a log in OCSF', () => {
  test('has each field where OCSF has a place for it, and the others in unmapped', () => {
    expect(ocsf(FULL_LOG)).toEqual({
      time: 1795251600123,
      category_uid: 3,
      category_name: 'Identity & Access Management',
      class_uid: 3002,
      class_name: 'Authentication',
      activity_id: 1,
      activity_name: 'Logon',
      type_uid: 300201,
      type_name: 'Authentication: Logon',
      severity_id: 2,
      severity: 'Low',
      status_id: 2,
      status: 'Failure',
      status_code: 'failed',
      auth_protocol_id: 99,
      auth_protocol: 'OTP',
      user: { uid: 'rid-1' },
      service: { name: 'player' },
      metadata: {
        version: '1.1.0',
        uid: 'my-own-id',
        event_code: 'CheckAuthResponseAuthenticationFailed',
        product: { vendor_name: 'EasySend', name: 'Player', uid: 'player', version: '4.12.0' },
        log_name: 'security-logs',
        log_provider: 'easysend.player',
        log_version: '8.11.0',
        logged_time: CREATED_AT,
        original_time: '2026-11-21T09:00:00.123Z',
        correlation_uid: 'rid-1',
        tenant_uid: 'acme-insurance',
      },
      src_endpoint: { ip: '203.0.113.24', os: { name: 'iOS', type_id: 301, type: 'iOS', version: '17.5' } },
      dst_endpoint: { hostname: 'player.example' },
      http_request: {
        uid: 'request-1',
        url: { url_string: 'https://player.example/car-claim' },
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)',
      },
      unmapped: {
        'organization.name': 'Acme Insurance',
        'user_agent.name': 'Mobile Safari',
        'user_agent.device.name': 'iPhone',
        'user_agent.os.browser_language': 'en-GB',
        'user_agent.os.browser_platform': 'iPhone',
        'user_agent.os.is_mobile_device': 'true',
        'user_agent.os.is_verified_bot': 'false',
        'event.timezone': 'Europe/London',
        'geo.country_name': 'United Kingdom',
        'geo.region_name': 'England',
        'service.environment': 'production',
        'label.business_group': 'Claims',
        'label.business_group_id': 'claims-1',
        'label.deploy_timestamp': '2026-11-01T08:00:00Z',
        'label.is_co_browsing_on': 'false',
        'label.master_rid': 'master-1',
        'label.page_analytics_id': 'analytics-1',
        'label.page_index': '1',
        'label.page_name': 'verify',
        'label.process_id': 'car-claim',
        'label.process_multi_language': 'en',
        'label.role': 'customer',
        'label.source_type': 'SMS',
        'label.source_value': '+1 555 0100',
        'label.step_id': 'step-1',
        'label.step_index': '2',
        'label.web_flow_name': 'Report damage to a car',
        'label.webflow_id': 'webflow-1',
        'label.auth_action': 'submit',
        'label.auth_page': 'verify-code',
      },
    });
  });

  test('that is no authentication is about the process, as a web resource', () => {
    const event = ocsf({ ...FULL_LOG, event: { action: 'LINK_SENT' } });
    expect(event.web_resources).toEqual([
      { uid: 'car-claim', name: 'Report damage to a car', url_string: 'https://player.example/car-claim' },
    ]);
    expect(event.unmapped).toMatchObject({ 'label.authentication_method': 'OTP' });
    expect(event).not.toHaveProperty('user');
    expect(event).not.toHaveProperty('status_id');
  });

  test('with nothing but what every log has is without empty groups', () => {
    expect(ocsf(logWithAction('OPENED'))).toEqual({
      time: 1795251600123,
      category_uid: 6,
      category_name: 'Application Activity',
      class_uid: 6001,
      class_name: 'Web Resources Activity',
      activity_id: 2,
      activity_name: 'Read',
      type_uid: 600102,
      type_name: 'Web Resources Activity: Read',
      severity_id: 1,
      severity: 'Informational',
      metadata: {
        version: '1.1.0',
        uid: 'my-own-id',
        event_code: 'OPENED',
        product: { vendor_name: 'EasySend', name: 'Builder', uid: 'builder' },
        log_name: 'security-logs',
        log_provider: 'easysend.builder',
        log_version: '8.11.0',
        logged_time: CREATED_AT,
        original_time: '2026-11-21T09:00:00.123Z',
      },
      web_resources: [{ name: 'builder' }],
    });
  });

  test.each([
    ['CheckAuthResponseMissingCredentials', { type_uid: 300201, status_id: 0, severity_id: 1 }],
    ['CheckAuthResponseAuthenticationSucceed', { type_uid: 300201, status_id: 1, severity_id: 1 }],
    ['CheckAuthResponseAuthenticationError', { type_uid: 300201, status_id: 2, severity_id: 2 }],
    ['CheckAuthResponseAuthenticationFailed', { type_uid: 300201, status_id: 2, severity_id: 2 }],
    ['LINK_SENT', { type_uid: 600108, severity_id: 1 }],
    ['OPENED', { type_uid: 600102, severity_id: 1 }],
    ['DATA_SUBMITTED', { type_uid: 600103, severity_id: 1 }],
    ['STEP_COMPLETED', { type_uid: 600199, activity_name: 'Step Completed', severity_id: 1 }],
    ['COMPLETED', { type_uid: 600199, activity_name: 'Completed', severity_id: 1 }],
  ] as const)('of %s is %j', (action, expected) => {
    expect(ocsf(logWithAction(action))).toMatchObject(expected);
  });

  test('names the user by the setting, once', () => {
    const byMaster = ocsf(FULL_LOG, { version: '1.1.0', user: 'label.master_rid' });
    expect(byMaster.user).toEqual({ uid: 'master-1' });
    expect(byMaster.unmapped).not.toHaveProperty(['label.master_rid']);
    const byName = ocsf(FULL_LOG, { version: '1.1.0', user: { name: 'customer' } });
    expect(byName.user).toEqual({ name: 'customer' });
    expect(byName.unmapped).toHaveProperty(['label.master_rid']);
    const nobody = logWithAction('CheckAuthResponseAuthenticationSucceed');
    expect(ocsf(nobody).user).toEqual({ name: 'unknown' });
  });

  test('keeps in unmapped what the place does not accept', () => {
    const domain = ocsf({ ...FULL_LOG, url: { domain: '[2001:db8::1]' } });
    expect(domain).not.toHaveProperty('dst_endpoint');
    expect(domain.unmapped).toMatchObject({ 'url.domain': '[2001:db8::1]' });
    const noAddress = ocsf({ ...FULL_LOG, client: {} });
    expect(noAddress).not.toHaveProperty('src_endpoint');
    expect(noAddress.unmapped).toMatchObject({ 'os.family': 'iOS', 'os.full': 'iOS 17.5' });
    const otherSystem = ocsf({ ...FULL_LOG, os: { family: 'Tizen', full: 'Linux 5' } });
    expect(otherSystem.src_endpoint.os).toEqual({ name: 'Tizen', type_id: 99, type: 'Tizen' });
    expect(otherSystem.unmapped).toMatchObject({ 'os.full': 'Linux 5' });
  });

  test('has the number of a protocol that OCSF knows', () => {
    const saml = ocsf({ ...FULL_LOG, label: { ...FULL_LOG.label, authentication_method: 'saml' } });
    expect(saml).toMatchObject({ auth_protocol_id: 5, auth_protocol: 'SAML' });
  });
});

describe.each(OCSF_VALIDATORS)('the schema of OCSF %s', (version, problems) => {
  const authentication = ocsf(FULL_LOG, { version, user: 'label.rid' });
  const webResource = ocsf({ ...FULL_LOG, event: { action: 'OPENED' } }, { version, user: 'label.rid' });

  test('accepts the example, with every action', () => {
    for (const action of EVENT_ACTIONS)
      expect(problems(ocsf({ ...FULL_LOG, event: { action } }, { version, user: 'label.rid' }))).toEqual([]);
  });

  test.each([
    ['an attribute that OCSF does not have', { rid: '1' }, 'must NOT have additional properties rid'],
    ['one that only a profile brings', { cloud: {} }, 'must NOT have additional properties cloud'],
    [
      'an unknown one inside',
      { metadata: { ...authentication.metadata, id: 1 } },
      '/metadata must NOT have additional properties id',
    ],
    ['one that is missing', { metadata: undefined }, "must have required property 'metadata'"],
    [
      'one that is missing inside',
      { metadata: { version } },
      "/metadata must have required property 'product'",
    ],
    ['a user that nothing identifies', { user: {} }, '/user must match a schema in anyOf'],
    [
      'neither service nor destination',
      { service: undefined, dst_endpoint: undefined },
      'must match a schema in anyOf',
    ],
    ['a text for a number', { time: '2026-11-21T09:00:00Z' }, '/time must be integer'],
    ['a number for a text', { status_code: 401 }, '/status_code must be string'],
    ['a list for an object', { src_endpoint: [] }, '/src_endpoint must be object'],
    ['an address that is none', { src_endpoint: { ip: 'localhost' } }, '/src_endpoint/ip must match pattern'],
    [
      'a number outside the enumeration',
      { severity_id: 7 },
      '/severity_id must be equal to one of the allowed values',
    ],
    ['another class', { class_uid: 3001 }, '/class_uid must be equal to one of the allowed values'],
    [
      'the type of another class',
      { type_uid: 600101 },
      '/type_uid must be equal to one of the allowed values',
    ],
    ['a caption of another value', { status: 'Success' }, '/status must be equal to constant'],
  ])('rejects %s', (_, change, problem) => {
    const event = JSON.parse(JSON.stringify({ ...authentication, ...change }));
    expect(problems(event).join('\n')).toContain(problem);
  });

  test.each([
    ['no web resource', { web_resources: undefined }, "must have required property 'web_resources'"],
    ['one without id and name', { web_resources: [{}] }, '/web_resources/0 must match a schema in anyOf'],
    [
      'a user, which this class does not have',
      { user: { name: 'a' } },
      'must NOT have additional properties user',
    ],
  ])('rejects %s', (_, change, problem) => {
    const event = JSON.parse(JSON.stringify({ ...webResource, ...change }));
    expect(problems(event).join('\n')).toContain(problem);
  });
});
