import { createHash } from 'node:crypto';

/** The id under which a log is kept (docs/contract.md, "The event a producer publishes": `event.id`). */

const ID_LIMIT_BYTES = 128;

const PREFIX = 'sha256-';
const REPLACED = /^sha256-[0-9a-f]{64}$/;

/** A byte that UTF-8 never has, so that no ill-formed id is hashed over the bytes of a well-formed one. */
const ILL_FORMED = Buffer.of(0xff);

/**
 * The id itself, or `sha256-` and its SHA-256 in hexadecimal where it is longer than 128 bytes or not well-formed
 * Unicode; never cut. An id that already looks like a replaced one is replaced, too: so nobody can take the place of a
 * long id by sending its hash, and two different ids become one only if SHA-256 collides. (No replacement within 128
 * bytes could exclude that: there are more long ids than short ones.)
 */
export function keptId(id: string): string {
  if (!id.isWellFormed()) return PREFIX + sha256(Buffer.concat([ILL_FORMED, Buffer.from(id, 'utf16le')]));
  const isKept = Buffer.byteLength(id) <= ID_LIMIT_BYTES && !REPLACED.test(id);
  return isKept ? id : PREFIX + sha256(id);
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
