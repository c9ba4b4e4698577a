/**
 * Of the query function: room for young objects, in MB, three times this at most. Collecting makes a million short-lived
 * ones; with V8's 16 MB many are taken for old ones and moved, which costs a sixth of the time (docs/performance.md).
 */
export const QUERY_NODE_OPTIONS = '--max-semi-space-size=64';
