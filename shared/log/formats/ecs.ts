import type { EventAction } from '../../event/actions.ts';
import { OUTCOME_OF } from '../../event/outcome.ts';
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
  const { action, timezone } = log.event;
  const { app_type, customer_id, request_id, player_version, ...labels } = log.label;
  const ip = log.client?.ip;
  const outcome = OUTCOME_OF[action];
  const stored = new Date(createdAt).toISOString();
  return {
    '@timestamp': log['@timestamp'],
    // The version that this mapping follows, whatever version the producer wrote.
    ecs: { version: ECS_VERSION },
    event: {
      id,
      kind: 'event',
      ...CATEGORIES[action],
      action,
      outcome: outcome === 'none' ? undefined : outcome,
      module: 'easysend',
      dataset: `easysend.${app_type}`,
      created: stored,
      ingested: stored,
      timezone,
    },
    service: { name: app_type, version: player_version, environment: log.service?.environment },
    organization: group({ id: customer_id, name: log.organization?.name }),
    client: group({ ip, geo: log.geo }),
    source: group({ ip }),
    related: group({ ip: ip && [ip] }),
    url: log.url,
    user_agent: group({
      original: log.user_agent?.original,
      name: log.user_agent?.name,
      device: log.user_agent?.device,
      os: log.os && { name: log.os.family, ...log.os },
    }),
    http: group({ request: group({ id: request_id }) }),
    labels: group(texts({ ...log.user_agent?.os, ...labels })),
  };
}

/** The fields that ECS has no place for, as texts. */
function texts(fields: Record<string, string | boolean | undefined>): Record<string, string> {
  for (const name in fields) if (typeof fields[name] === 'boolean') fields[name] = String(fields[name]);
  return fields as Record<string, string>;
}
