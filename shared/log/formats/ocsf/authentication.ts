import type { EventAction } from '../../../event/actions.ts';
import { OUTCOME_OF } from '../../../event/outcome.ts';
import type { LogFields } from '../../log-fields.ts';
import type { SecurityLog } from '../../security-log.ts';

/** What only an event of the class Authentication has. https://schema.ocsf.io/1.1.0/classes/authentication */

/** Who the user of an authentication is, which a log has no field for: the one of a label, or one name for all. */
export type OcsfUser = 'label.rid' | 'label.master_rid' | { readonly name: string };

const STATUS = {
  success: { status_id: 1, status: 'Success' },
  failure: { status_id: 2, status: 'Failure' },
  none: { status_id: 0, status: 'Unknown' },
} as const;

/** The user where the log lacks the label: OCSF requires one. */
const UNKNOWN_USER = { name: 'unknown' };

/** The protocols that have a number of their own, by their captions in lower case. */
const PROTOCOLS: ReadonlyMap<string, { auth_protocol_id: number; auth_protocol: string }> = new Map([
  ['openid', { auth_protocol_id: 4, auth_protocol: 'OpenID' }],
  ['saml', { auth_protocol_id: 5, auth_protocol: 'SAML' }],
  ['oauth 2.0', { auth_protocol_id: 6, auth_protocol: 'OAUTH 2.0' }],
]);
const OTHER_PROTOCOL = 99;

/** @param fields what is taken from the log */
export function authentication({ event, label }: SecurityLog, fields: LogFields, user: OcsfUser) {
  return {
    ...STATUS[OUTCOME_OF[event.action]],
    status_code: fields.take('label.authentication_status'),
    ...protocolOf(fields.take('label.authentication_method')),
    user: userOf(user, label.rid, fields),
    service: { name: label.app_type },
  };
}

function protocolOf(method: string | undefined) {
  if (method === undefined) return undefined;
  return PROTOCOLS.get(method.toLowerCase()) ?? { auth_protocol_id: OTHER_PROTOCOL, auth_protocol: method };
}

/** @param rid the one of the log: `metadata.correlation_uid` has taken it */
function userOf(user: OcsfUser, rid: string | undefined, fields: LogFields) {
  if (typeof user === 'object') return { name: user.name };
  const uid = user === 'label.rid' ? rid : fields.take('label.master_rid');
  return uid === undefined ? UNKNOWN_USER : { uid };
}

/** Informational, or Low for an authentication that failed. https://schema.ocsf.io/1.1.0/base_event */
export const severityOf = (action: EventAction) =>
  OUTCOME_OF[action] === 'failure'
    ? { severity_id: 2, severity: 'Low' }
    : { severity_id: 1, severity: 'Informational' };
