/**
 * The published format of a log (docs/contract.md#the-security-log): the JSON that is stored, as it is.
 *
 * @param stored the log's JSON in UTF-8
 */
export const publishedLog = (stored: Buffer): Buffer => stored;
