import { ID_LIMIT_BYTES } from '../log/field-limits.ts';
import { sha256 } from '../sha256.ts';

/** The id under which a log is stored (docs/contract.md#publishing-an-event, `event.id`). */

const PREFIX = 'sha256-';
const REPLACED = /^sha256-[0-9a-f]{64}$/;

/** A byte that UTF-8 never contains, so no ill-formed id has the same hash as a well-formed one. */
const ILL_FORMED = Buffer.of(0xff);

/**
 * Returns the id itself, or `sha256-` and its SHA-256 in hexadecimal if it is longer than 128 bytes or not well-formed
 * Unicode. An id is never cut. An id that already looks like a replaced one is replaced, too, so nobody can take the
 * place of a long id by sending its hash. Two different ids become one only if SHA-256 collides, which no replacement of
 * at most 128 bytes could exclude: there are more long ids than short ones.
 */
export function storedId(id: string): string {
  if (!id.isWellFormed()) return PREFIX + sha256(Buffer.concat([ILL_FORMED, Buffer.from(id, 'utf16le')]));
  const isUsable = Buffer.byteLength(id) <= ID_LIMIT_BYTES && !REPLACED.test(id);
  return isUsable ? id : PREFIX + sha256(id);
}
