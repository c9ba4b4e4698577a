/** Logs in a full page of a window (docs/contract.md#reading-logs). */
export const PAGE_SIZE = 10_000;
