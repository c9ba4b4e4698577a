import type { Application } from '../../shared/event/bus-events.ts';
import { ECS_VERSION, type SecurityLog } from '../../shared/log/security-log.ts';
import type { Random } from './random.ts';
import type { Session, SessionEvent } from './sessions.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What happened, to whom and when. */
export interface Moment {
  readonly random: Random;
  readonly vocabulary: Vocabulary;
  readonly application: Application;
  readonly session: Session;
  readonly event: SessionEvent;
  readonly time: number;
}

/** A log whose producer tells all it knows. */
export function typicalLog({ random, vocabulary, application, session, event, time }: Moment): SecurityLog {
  const { browser, place, process, group, authentication } = session;
  const { position } = event;
  const { domain } = vocabulary;
  const url = position
    ? `https://${domain}/wf/${process.id}/${position.step.id}?rid=${session.rid}&token=${session.token}&lang=${place.language}`
    : `https://${domain}/s/${session.token.slice(0, 22)}?lang=${place.language}`;
  return {
    ecs: { version: ECS_VERSION },
    '@timestamp': new Date(time).toISOString(),
    organization: { name: vocabulary.organization },
    user_agent: {
      original: browser.original,
      name: browser.name,
      ...(browser.device && { device: { name: browser.device } }),
      os: {
        browser_language: place.language,
        browser_platform: browser.platform,
        is_mobile_device: browser.isMobile,
        is_verified_bot: session.isBot,
      },
    },
    os: { family: browser.osFamily, full: browser.osFull },
    client: { ip: session.address },
    event: { action: event.action, timezone: place.timezone },
    geo: { country_name: place.country, region_name: place.region },
    url: { full: url, domain },
    service: { environment: 'production' },
    label: {
      app_type: application,
      customer_id: vocabulary.customerId,
      business_group: group.name,
      business_group_id: group.id,
      deploy_timestamp: process.deployedAt,
      is_co_browsing_on: session.isCoBrowsing,
      master_rid: session.masterRid,
      ...(position && {
        page_analytics_id: random.uuid(),
        page_index: String(position.pageIndex),
        page_name: position.step.pages[position.pageIndex],
      }),
      process_id: session.processId,
      ...(position && { process_multi_language: String(process.isMultiLanguage) }),
      request_id: random.uuid(),
      rid: session.rid,
      role: random.chance(0.1) ? 'agent' : 'customer',
      source_type: process.sourceType,
      source_value: session.recipient,
      ...(position && { step_id: position.step.id, step_index: String(position.stepIndex) }),
      web_flow_name: process.name,
      webflow_id: process.id,
      player_version: vocabulary.playerVersion,
      authentication_method: authentication.method,
      authentication_status: authentication.status,
      ...(authentication.action && { auth_action: authentication.action }),
      ...(authentication.page && { auth_page: authentication.page }),
    },
  };
}

/** What a producer cannot do without and what the service fills in, and little else. */
export function smallLog({ random, vocabulary, application, session, event, time }: Moment): SecurityLog {
  const { browser } = session;
  return {
    ecs: { version: ECS_VERSION },
    '@timestamp': new Date(time).toISOString(),
    user_agent: {
      original: browser.original,
      name: browser.name,
      ...(browser.device && { device: { name: browser.device } }),
      os: { is_mobile_device: browser.isMobile },
    },
    os: { family: browser.osFamily, full: browser.osFull },
    client: { ip: session.address },
    event: { action: event.action, timezone: session.place.timezone },
    url: { full: `https://${vocabulary.domain}/s/${session.token.slice(0, 22)}`, domain: vocabulary.domain },
    label: {
      app_type: application,
      request_id: random.uuid(),
      rid: session.rid,
      ...(event.position && { step_index: String(event.position.stepIndex) }),
      web_flow_name: session.process.name,
    },
  };
}
