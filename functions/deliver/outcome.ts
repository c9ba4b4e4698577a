/** The outcome of one attempt to deliver a log to the custom service. `status` is the one that an https service answered. */
export type DeliveryOutcome = { readonly status?: number } & (
  | { readonly kind: 'delivered' }
  /** The service is unavailable, or did not answer. `afterMs` is the wait that it asked for, milliseconds. */
  | { readonly kind: 'failed'; readonly reason: string; readonly afterMs?: number }
  /** The service denied the log, perhaps only while it, or a secret, is being changed. */
  | { readonly kind: 'denied'; readonly reason: string; readonly afterMs?: number }
  /** The failure is permanent: no attempt will succeed. */
  | { readonly kind: 'refused'; readonly reason: string }
);

/** A log to deliver. */
export interface Delivery {
  /** Made by `deliveryId`: the same in every attempt and unique to the log, so that receivers can drop copies. */
  readonly id: string;
  /** `@timestamp`, epoch milliseconds. */
  readonly timestamp: number;
  /** The JSON of the log, in the format of the settings. */
  readonly json: string;
}

/**
 * Delivers a log to the custom service.
 *
 * @throws DeliveryFault, or another error if the fault is on our side
 */
export type Deliver = (delivery: Delivery, signal: AbortSignal) => Promise<DeliveryOutcome>;

/** The file name of a log. */
export const fileName = ({ id }: Delivery): string => `security-log-${id}.json`;
