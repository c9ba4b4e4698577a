/** The orders of a window (docs/contract.md#reading-logs): by time, then by id; and exactly the reverse. */
export const ORDERS = ['asc', 'desc'] as const;
export type Order = (typeof ORDERS)[number];
