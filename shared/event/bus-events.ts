/**
 * The events on the bus, by `Source` and `DetailType` (docs/contract.md#publishing-an-event). The rules in `infra/`
 * select events by these names, and the functions publish them.
 */

/** The applications that emit security events. */
export const APPLICATIONS = ['player', 'builder'] as const;
export type Application = (typeof APPLICATIONS)[number];

/** The EventBridge `Source` of each application's events. */
export const PRODUCER_SOURCES = ['easysend.player', 'easysend.builder'] as const;
export type ProducerSource = (typeof PRODUCER_SOURCES)[number];

/** The application of an event, which its `Source` alone decides (docs/contract.md#publishing-an-event). */
export const applicationOf = (source: ProducerSource): Application =>
  source === 'easysend.player' ? 'player' : 'builder';

/** The only `DetailType` a producer publishes. */
export const SECURITY_EVENT = 'Security Event';

/** The `Source` of what the service itself publishes. */
export const SERVICE_SOURCE = 'security-logs';

/** `DetailType` of the event that says that an event was rejected, with the reason and the original. */
export const SECURITY_EVENT_REJECTED = 'Security Event Rejected';

/** `DetailType` of the event that says that a log was stored: a public extension point. */
export const SECURITY_LOG_STORED = 'Security Log Stored';
