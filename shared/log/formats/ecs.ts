import type { EventAction } from '../../event/actions.ts';
import { OUTCOME_OF } from '../../event/outcome.ts';
import { LogFields } from '../log-fields.ts';
import { ECS_VERSION, type SecurityLog } from '../security-log.ts';
import { group } from './group.ts';
import type { StoredLog } from './stored-log.ts';

/**
 * A log as a document of the Elastic Common Schema with no field that ECS does not have: what the published format has
 * beside ECS is in `labels`, as texts (docs/formats.md#ecs).
 */
export type EcsDocument = ReturnType<typeof toEcs>;

/** The JSON of a log in strict ECS, in UTF-8 (docs/formats.md#ecs). */
export const ecsLog = ({ id, json, createdAt }: StoredLog): Buffer =>
  Buffer.from(JSON.stringify(toEcs(JSON.parse(json.toString()), id, createdAt)));

/**
 * The categories and types that ECS has for each action.
 *
 * @see https://www.elastic.co/docs/reference/ecs/ecs-allowed-values-event-category
 */
const CATEGORIES = {
  CheckAuthResponseMissingCredentials: { category: ['authentication'], type: ['info'] },
  CheckAuthResponseAuthenticationSucceed: { category: ['authentication'], type: ['start'] },
  CheckAuthResponseAuthenticationError: { category: ['authentication'], type: ['start'] },
  CheckAuthResponseAuthenticationFailed: { category: ['authentication'], type: ['start'] },
  LINK_SENT: { category: ['web'], type: ['info'] },
  OPENED: { category: ['web'], type: ['access'] },
  DATA_SUBMITTED: { category: ['web'], type: ['access'] },
  STEP_COMPLETED: { category: ['web'], type: ['info'] },
  COMPLETED: { category: ['web'], type: ['info'] },
} as const satisfies Record<EventAction, { category: readonly string[]; type: readonly string[] }>;

/**
 * @param id `event.id`
 * @param createdAt when the log was stored, epoch milliseconds
 * @returns the document; a field that is undefined is absent
 */
export function toEcs(log: SecurityLog, id: string, createdAt: number) {
  const { action } = log.event;
  const outcome = OUTCOME_OF[action];
  const stored = new Date(createdAt).toISOString();
  const fields = new LogFields(log);
  fields.take('event.action');
  // The version of the document is the one that this mapping follows, whatever the producer wrote.
  fields.take('ecs.version');
  const application = fields.take('label.app_type');
  const ip = fields.take('client.ip');
  const osFamily = fields.take('os.family');
  return {
    '@timestamp': fields.take('@timestamp'),
    ecs: { version: ECS_VERSION },
    event: {
      id,
      kind: 'event',
      ...CATEGORIES[action],
      action,
      outcome: outcome === 'none' ? undefined : outcome,
      module: 'easysend',
      dataset: `easysend.${application}`,
      created: stored,
      ingested: stored,
      timezone: fields.take('event.timezone'),
    },
    service: {
      name: application,
      version: fields.take('label.player_version'),
      environment: fields.take('service.environment'),
    },
    organization: group({ id: fields.take('label.customer_id'), name: fields.take('organization.name') }),
    client: group({
      ip,
      geo: group({
        country_name: fields.take('geo.country_name'),
        region_name: fields.take('geo.region_name'),
      }),
    }),
    source: group({ ip }),
    related: group({ ip: ip && [ip] }),
    url: group({ full: fields.take('url.full'), domain: fields.take('url.domain') }),
    user_agent: group({
      original: fields.take('user_agent.original'),
      name: fields.take('user_agent.name'),
      device: group({ name: fields.take('user_agent.device.name') }),
      os: group({ name: osFamily, family: osFamily, full: fields.take('os.full') }),
    }),
    http: group({ request: group({ id: fields.take('label.request_id') }) }),
    labels: labelsOf(fields),
  };
}

/** The fields that ECS has no place for: their names alone, since `labels` has no groups. */
function labelsOf(fields: LogFields): Record<string, string> | undefined {
  return group(
    Object.fromEntries(fields.rest().map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value])),
  );
}
