/** What the body of an answer can be (RFC 9110, 8.3), without parameters. */

export const JSON_TYPE = 'application/json';
/** A log a line. */
export const NDJSON_TYPE = 'application/x-ndjson';
