import type { StoredLog } from './stored-log.ts';

/** The published format of a log (docs/contract.md#the-security-log): the JSON that is stored, as it is, in UTF-8. */
export const publishedLog = ({ json }: StoredLog): Buffer => json;
