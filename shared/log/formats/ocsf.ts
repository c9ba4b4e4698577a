import { LogFields } from '../log-fields.ts';
import type { SecurityLog } from '../security-log.ts';
import { group } from './group.ts';
import { ACTIVITY_OF, isAuthentication } from './ocsf/activities.ts';
import { authentication, type OcsfUser, severityOf } from './ocsf/authentication.ts';
import { isHostname } from './ocsf/data-types.ts';
import { sourceEndpoint } from './ocsf/source-endpoint.ts';
import type { StoredLog } from './stored-log.ts';

/** A log as an event of the Open Cybersecurity Schema Framework (docs/formats.md#ocsf). */

/** The versions that a caller can ask for: the one that Amazon Security Lake reads, which is the default, and 1.8.0. */
export const OCSF_VERSIONS = ['1.1.0', '1.8.0'] as const;
export type OcsfVersion = (typeof OCSF_VERSIONS)[number];

export interface OcsfOptions {
  readonly version: OcsfVersion;
  readonly user: OcsfUser;
}

/** The JSON of a log as an OCSF event, in UTF-8 (docs/formats.md#ocsf). */
export const ocsfLog = ({ id, json, createdAt }: StoredLog, options: OcsfOptions): Buffer =>
  Buffer.from(JSON.stringify(toOcsf(JSON.parse(json.toString()), id, createdAt, options)));

/**
 * @param id `event.id`
 * @param createdAt when the log was stored, epoch milliseconds
 * @returns the event; a field that is undefined is absent
 */
export function toOcsf(log: SecurityLog, id: string, createdAt: number, { version, user }: OcsfOptions) {
  const { action } = log.event;
  const fields = new LogFields(log);
  const url = fields.take('url.full');
  return {
    time: Date.parse(log['@timestamp']),
    ...ACTIVITY_OF[action],
    ...severityOf(action),
    metadata: metadataOf(log, fields, { version, id, createdAt }),
    src_endpoint: sourceEndpoint(fields),
    dst_endpoint: group({ hostname: fields.take('url.domain', isHostname) }),
    http_request: group({
      uid: fields.take('label.request_id'),
      url: group({ url_string: url }),
      user_agent: fields.take('user_agent.original'),
    }),
    ...(isAuthentication(action)
      ? authentication(log, fields, user)
      : { web_resources: [webResource(log, fields, url)] }),
    unmapped: group(fields.rest()),
  };
}

interface Origin {
  readonly version: OcsfVersion;
  readonly id: string;
  readonly createdAt: number;
}

/** https://schema.ocsf.io/1.1.0/objects/metadata */
function metadataOf({ label }: SecurityLog, fields: LogFields, { version, id, createdAt }: Origin) {
  const application = fields.take('label.app_type');
  return {
    version,
    uid: id,
    event_code: fields.take('event.action'),
    product: {
      vendor_name: 'EasySend',
      name: label.app_type === 'player' ? 'Player' : 'Builder',
      uid: application,
      version: fields.take('label.player_version'),
    },
    log_name: 'security-logs',
    log_provider: `easysend.${application}`,
    log_version: fields.take('ecs.version'),
    logged_time: createdAt,
    original_time: fields.take('@timestamp'),
    correlation_uid: fields.take('label.rid'),
    tenant_uid: fields.take('label.customer_id'),
  };
}

/**
 * The process that the event is about. https://schema.ocsf.io/1.1.0/objects/web_resource
 *
 * @param url where the process is, if the log has it
 */
function webResource({ label }: SecurityLog, fields: LogFields, url: string | undefined) {
  const uid = fields.take('label.process_id');
  const name = fields.take('label.web_flow_name');
  // OCSF has no resource without an id or a name: the application is the least that is known.
  return { uid, name: uid === undefined ? (name ?? label.app_type) : name, url_string: url };
}
