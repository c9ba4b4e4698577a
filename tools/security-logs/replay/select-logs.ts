import type { DeliveryRecord } from '../deliveries/delivery-record.ts';

export interface Choice {
  /** Logs of which the last attempt was before are left out, epoch milliseconds; undefined: no log is. */
  readonly failedSince: number | undefined;
}

/** What becomes of the deliveries that were found. */
export interface Selected {
  readonly logs: readonly DeliveryRecord[];
  /** How many cannot be delivered any more. */
  readonly expired: number;
}

/** Chooses what is sent again. A log that has expired is gone; each log is sent once. */
export function selectLogs(found: readonly DeliveryRecord[], { failedSince }: Choice): Selected {
  const meant = found.filter(
    ({ last_attempt_at: at }) =>
      failedSince === undefined || (at !== undefined && Date.parse(at) >= failedSince),
  );
  const alive = meant.filter(({ state }) => state !== 'expired');
  return {
    logs: [...new Map(alive.map((log) => [log.id, log])).values()],
    expired: meant.length - alive.length,
  };
}
