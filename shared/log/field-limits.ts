/**
 * How long the fields of a log may be (docs/contract.md#publishing-an-event). The limits of texts are in UTF-16 code
 * units, inclusive, which is how `String.length` and Elasticsearch's `ignore_above` count characters.
 */

/** Every text without a limit of its own. */
export const TEXT_LIMIT = 1024;

/** `url.full` and `user_agent.original`. */
export const LONG_TEXT_LIMIT = 4096;

/** `event.id`: bytes in UTF-8, inclusive. */
export const ID_LIMIT_BYTES = 128;
