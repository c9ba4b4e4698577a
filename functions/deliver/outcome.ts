/** What became of one attempt to hand a log to the custom service. */
export type DeliveryOutcome =
  | { readonly kind: 'delivered' }
  /** The service cannot at present; `afterMs` is what it asked to be waited for, milliseconds. */
  | { readonly kind: 'failed'; readonly reason: string; readonly afterMs?: number }
  /** The service answered that it will not; perhaps only while it, or a secret, is being changed. */
  | { readonly kind: 'denied'; readonly reason: string; readonly afterMs?: number }
  /** No attempt will ever succeed. */
  | { readonly kind: 'refused'; readonly reason: string };

/** A log as the custom service gets it. */
export interface Delivery {
  /** The same in every attempt, and of this log alone, so that receivers can tell copies: `deliveryId`. */
  readonly id: string;
  /** `@timestamp`, epoch milliseconds. */
  readonly timestamp: number;
  /** The log as canonical JSON. */
  readonly json: string;
}

/**
 * Hands a log to the custom service.
 *
 * @throws DeliveryFault, or what else is a fault of ours
 */
export type Deliver = (delivery: Delivery, signal: AbortSignal) => Promise<DeliveryOutcome>;

/** The name of a log as a file. */
export const fileName = ({ id }: Delivery): string => `security-log-${id}.json`;
