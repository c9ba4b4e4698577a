/**
 * What travels on the event bus, by `Source` and `DetailType` (docs/contract.md#publishing-an-event, docs/architecture.md).
 * The rules in `infra/` select on these names, the functions write them.
 */

/** The applications that emit security events. */
export const APPLICATIONS = ['player', 'builder'] as const;
export type Application = (typeof APPLICATIONS)[number];

/** The EventBridge `Source` of each application's events. */
export const PRODUCER_SOURCES = ['easysend.player', 'easysend.builder'] as const;
export type ProducerSource = (typeof PRODUCER_SOURCES)[number];

/** The application an event comes from is its `Source`, always (docs/contract.md#publishing-an-event). */
export const applicationOf = (source: ProducerSource): Application =>
  source === 'easysend.player' ? 'player' : 'builder';

/** The only `DetailType` a producer publishes. */
export const SECURITY_EVENT = 'Security Event';

/** The `Source` of what the service itself publishes. */
export const SERVICE_SOURCE = 'security-logs';

/** `DetailType` of the service's word that an event cannot be a log: the reason and the original. */
export const SECURITY_EVENT_REJECTED = 'Security Event Rejected';

/** `DetailType` of the service's word that a log is stored: a public extension point. */
export const SECURITY_LOG_STORED = 'Security Log Stored';
