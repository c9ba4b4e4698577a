/**
 * What travels on the event bus, by `Source` and `DetailType` (contract section 3, design section 1).
 * The rules in `infra/` select on these names, the functions write them.
 */

/** The applications that emit security events, by the EventBridge `Source` that identifies each. */
export const APPLICATION_BY_SOURCE = {
  'easysend.player': 'player',
  'easysend.builder': 'builder',
} as const;

export type ProducerSource = keyof typeof APPLICATION_BY_SOURCE;
export type Application = (typeof APPLICATION_BY_SOURCE)[ProducerSource];

export const PRODUCER_SOURCES = Object.keys(APPLICATION_BY_SOURCE) as ProducerSource[];
export const APPLICATIONS = Object.values(APPLICATION_BY_SOURCE);

/** The only `DetailType` a producer publishes. */
export const SECURITY_EVENT = 'Security Event';

/** The `Source` of what the service itself publishes. */
export const SERVICE_SOURCE = 'security-logs';

/** `DetailType` of the service's word that an event cannot be a log: the reason and the original. */
export const SECURITY_EVENT_REJECTED = 'Security Event Rejected';

/** `DetailType` of the service's word that a log is stored: a public extension point. */
export const SECURITY_LOG_STORED = 'Security Log Stored';
