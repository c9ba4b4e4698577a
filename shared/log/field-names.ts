import type { LogField } from './log-fields.ts';

/**
 * The whole names of the fields of a log, in the order of its JSON (docs/contract.md#the-security-log). They are for those
 * who need the names without the schema, whose library is large for a page. The compiler and a test compare both.
 */
export const LOG_FIELD_NAMES = [
  'ecs.version',
  '@timestamp',
  'organization.name',
  'user_agent.original',
  'user_agent.name',
  'user_agent.device.name',
  'user_agent.os.browser_language',
  'user_agent.os.browser_platform',
  'user_agent.os.is_mobile_device',
  'user_agent.os.is_verified_bot',
  'os.family',
  'os.full',
  'client.ip',
  'event.action',
  'event.timezone',
  'geo.country_name',
  'geo.region_name',
  'url.full',
  'url.domain',
  'service.environment',
  'label.app_type',
  'label.customer_id',
  'label.business_group',
  'label.business_group_id',
  'label.deploy_timestamp',
  'label.is_co_browsing_on',
  'label.master_rid',
  'label.page_analytics_id',
  'label.page_index',
  'label.page_name',
  'label.process_id',
  'label.process_multi_language',
  'label.request_id',
  'label.rid',
  'label.role',
  'label.source_type',
  'label.source_value',
  'label.step_id',
  'label.step_index',
  'label.web_flow_name',
  'label.webflow_id',
  'label.player_version',
  'label.authentication_method',
  'label.authentication_status',
  'label.auth_action',
  'label.auth_page',
] as const satisfies readonly LogField[];

/** The fields whose value is a boolean. */
export const FLAG_FIELDS: readonly LogField[] = [
  'user_agent.os.is_mobile_device',
  'user_agent.os.is_verified_bot',
  'label.is_co_browsing_on',
];
