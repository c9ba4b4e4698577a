import type { DeliveryRecord } from './delivery-record.ts';

/** The states of a delivery, as the API shows them (docs/contract.md#deliveries). */
export const DELIVERY_STATES = ['delivered', 'waiting', 'failed', 'expired', 'unknown'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The name that stands for every state but `delivered`. */
export const UNDELIVERED = 'undelivered';

const UNDELIVERED_STATES = DELIVERY_STATES.filter((state) => state !== 'delivered');

/** What an error says of a value that cannot be read. */
export const ACCEPTED_STATES = `one or several, with commas between: ${[...DELIVERY_STATES, UNDELIVERED].join(', ')}`;

/**
 * Reads the value of `state`: states with commas between.
 *
 * @returns undefined if a name is unknown or empty
 */
export function readStates(value: string): ReadonlySet<DeliveryState> | undefined {
  const named = value.split(',').map(statesOf);
  return named.every((states) => states !== undefined) ? new Set(named.flat()) : undefined;
}

function statesOf(name: string): readonly DeliveryState[] | undefined {
  if (name === UNDELIVERED) return UNDELIVERED_STATES;
  const state = DELIVERY_STATES.find((each) => each === name);
  return state && [state];
}

/**
 * The state of a log's delivery. A log without a record may have been delivered or not. A log that waits when its lifetime
 * ends is never delivered, whether that was recorded or not.
 *
 * @param hasEnded whether the lifetime of the log has ended
 */
export function deliveryState(record: DeliveryRecord | undefined, hasEnded: boolean): DeliveryState {
  if (record === undefined) return 'unknown';
  return record.state === 'waiting' && hasEnded ? 'expired' : record.state;
}
