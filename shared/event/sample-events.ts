import type { EventAction } from './actions.ts';
import type { ProducerSource } from './bus-events.ts';

/** An event as a producer publishes it (docs/contract.md#publishing-an-event). */
export interface SampleEvent {
  readonly source: ProducerSource;
  readonly detail: {
    readonly '@timestamp': string;
    readonly event: { readonly action: EventAction; readonly timezone?: string };
    readonly [field: string]: unknown;
  };
}

const CHROME_ON_ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36';
const PLAYER = 'https://digital.acme-insurance.example/player/car-claim';

/**
 * One sample of each of the nine events: a customer reports damage to a car, and a colleague's sign-in to the
 * Builder fails. Nobody in it is real.
 *
 * @param rid the request id that all of them carry, to be found again
 * @param end when the last of them happened, epoch milliseconds
 */
export function sampleEvents(rid: string, end: number): SampleEvent[] {
  const oneTimePassword = { authentication_method: 'OTP', auth_page: 'verify-code' };
  const steps: [EventAction, Record<string, unknown>, ProducerSource?][] = [
    ['LINK_SENT', { source_type: 'SMS', source_value: '+1 555 0100' }],
    ['OPENED', { page_name: 'welcome', page_index: '0' }],
    ['CheckAuthResponseMissingCredentials', { ...oneTimePassword, auth_action: 'open' }],
    [
      'CheckAuthResponseAuthenticationFailed',
      { ...oneTimePassword, auth_action: 'submit', authentication_status: 'failed' },
    ],
    [
      'CheckAuthResponseAuthenticationSucceed',
      { ...oneTimePassword, auth_action: 'submit', authentication_status: 'succeeded' },
    ],
    ['STEP_COMPLETED', { step_id: 'damage', step_index: '1', page_name: 'damage' }],
    ['DATA_SUBMITTED', { step_id: 'damage', page_name: 'damage', page_index: '1' }],
    ['COMPLETED', { step_id: 'summary', step_index: '2', page_name: 'summary' }],
    [
      'CheckAuthResponseAuthenticationError',
      { authentication_method: 'SAML', authentication_status: 'error' },
      'easysend.builder',
    ],
  ];
  return steps.map(([action, label, source = 'easysend.player'], index) => ({
    source,
    detail: {
      '@timestamp': new Date(end - 250 * (steps.length - 1 - index)).toISOString(),
      event: { action, timezone: 'Europe/London' },
      ...(source === 'easysend.player' ? customer(rid, label) : colleague(rid, label)),
    },
  }));
}

const customer = (rid: string, label: Record<string, unknown>): Record<string, unknown> => ({
  organization: { name: 'Acme Insurance' },
  user_agent: { original: CHROME_ON_ANDROID, os: { browser_language: 'en-GB' } },
  client: { ip: '203.0.113.24' },
  geo: { country_name: 'United Kingdom', region_name: 'England' },
  url: { full: PLAYER },
  service: { environment: 'production' },
  label: {
    customer_id: 'acme-insurance',
    business_group: 'Claims',
    process_id: 'car-claim',
    web_flow_name: 'Report damage to a car',
    is_co_browsing_on: false,
    player_version: '4.12.0',
    rid,
    ...label,
  },
});

const colleague = (rid: string, label: Record<string, unknown>): Record<string, unknown> => ({
  organization: { name: 'Acme Insurance' },
  client: { ip: '198.51.100.7' },
  url: { full: 'https://builder.acme-insurance.example/login' },
  service: { environment: 'production' },
  label: { customer_id: 'acme-insurance', role: 'editor', rid, ...label },
});
