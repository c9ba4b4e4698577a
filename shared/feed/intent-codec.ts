import { APPLICATIONS, type Application } from '../event/bus-events.ts';
import dictionary2 from '../log/dictionaries/dictionary-2.ts';
import { type PackedText, UUID_BYTES, writeUnpacked } from '../log/uuid-packing.ts';
import { zstdFrames } from '../log/zstd-frames.ts';
import { checkedContent, withChecksum } from './checked-bytes.ts';
import { FeedItemDamaged } from './feed-errors.ts';

/**
 * Encodes and decodes the logs of an intent, compressed as one (docs/feed.md#storage). After the version and the checksum
 * (checked-bytes.ts) come two bytes with the number of UUIDs, the UUIDs, and a zstd frame with dictionary 2. The frame has
 * the number of logs (two bytes) and four columns: a row of numbers for each log, the UUIDs each refers to, the ids that
 * are not UUIDs, and the logs' JSON without UUIDs.
 *
 * A released version stays as long as a stored intent may have it. A better encoding gets the next number, and its
 * decoder is released before its encoder.
 */

const VERSION = 1;

/** A log, as it goes into an intent. */
export interface IntentLog {
  readonly application: Application;
  /** `event.id`, at most 128 bytes. */
  readonly id: string;
  /** The canonical JSON of the log. */
  readonly json: string;
  /** The same without its UUIDs. */
  readonly packed: PackedText;
}

/** A log, as it comes out of an intent. */
export interface DecodedLog extends Pick<IntentLog, 'application' | 'id'> {
  /** In UTF-8. */
  readonly json: Buffer;
}

/** Most intents are shorter, compressed or not. */
const CHUNK_BYTES = 256 * 1024;

/** Level 9 takes half as long again, and saves 3 % of the frame's bytes (docs/performance.md#the-feed). */
const frames = zstdFrames(dictionary2, { strategy: 'lazy', minMatch: 6, searchLog: 3 }, CHUNK_BYTES);

const COUNT_BYTES = 2;
/** Application (1), length of the id or UUID_IS_ID (1), number of UUIDs (1), lengths of the packed and of the whole JSON (3 each). */
const ROW_BYTES = 9;
/** In place of the length of an id: the last UUID of the log is its id. */
const UUID_IS_ID = 0xff;
const REFERENCE_BYTES = 2;
/** Refers to a UUID that no log before has: the next of the table. Other references are indexes, plus 1. */
const NEXT_UUID = 0;
/** As `unpackUuids` writes a UUID: upper-case letters would be lost. */
const UUID_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The most that a log takes in an intent, whatever its content, bytes.
 *
 * @param jsonBytes the length of its JSON
 */
export const mostIntentBytes = (jsonBytes: number): number => jsonBytes + 512;

/** @param logs at most 65,535 */
export function encodeIntent(logs: readonly IntentLog[]): Buffer {
  const table = uuidTable();
  const rows = Buffer.alloc(COUNT_BYTES + logs.length * ROW_BYTES);
  const references: number[] = [];
  let ids = '';
  let texts = '';
  let at = rows.writeUInt16BE(logs.length);
  for (const { application, id, json, packed } of logs) {
    const hasUuidAsId = UUID_ID.test(id);
    const before = references.length;
    const uuids = packed.uuids.toString('latin1');
    for (let i = 0; i < uuids.length; i += UUID_BYTES)
      references.push(table.refer(uuids.slice(i, i + UUID_BYTES)));
    if (hasUuidAsId)
      references.push(table.refer(Buffer.from(id.replaceAll('-', ''), 'hex').toString('latin1')));
    else ids += id;
    texts += packed.text;
    at = rows.writeUInt8(APPLICATIONS.indexOf(application), at);
    at = rows.writeUInt8(hasUuidAsId ? UUID_IS_ID : Buffer.byteLength(id), at);
    at = rows.writeUInt8(references.length - before, at);
    at = rows.writeUIntBE(Buffer.byteLength(packed.text), at, 3);
    at = rows.writeUIntBE(Buffer.byteLength(json), at, 3);
  }
  const content = Buffer.concat([rows, toBytes(references), Buffer.from(ids), Buffer.from(texts)]);
  const uuidCount = Buffer.alloc(COUNT_BYTES);
  uuidCount.writeUInt16BE(table.uuids.length);
  const uuids = Buffer.from(table.uuids.join(''), 'latin1');
  return withChecksum(VERSION, uuidCount, uuids, frames.compress(content));
}

/** What decoding adds to the JSON of each log. */
export interface Addition {
  /** It comes after the first occurrence of this text, which every log has and no UUID is part of. */
  readonly after: Buffer;
  readonly text: (id: string) => string;
}

/**
 * @throws UnknownFeedVersion if a later release wrote the intent
 * @throws FeedItemDamaged if the bytes are not what was written
 */
export function decodeIntent(encoded: Buffer, addition?: Addition): DecodedLog[] {
  const whole = checkedContent(encoded, VERSION, 'intent');
  try {
    return decodeVersion1(whole, addition);
  } catch (cause) {
    throw new FeedItemDamaged('the intent cannot be decoded', { cause });
  }
}

function decodeVersion1(whole: Buffer, addition?: Addition): DecodedLog[] {
  const frameAt = COUNT_BYTES + whole.readUInt16BE(0) * UUID_BYTES;
  const uuids = whole.subarray(COUNT_BYTES, frameAt);
  const content = frames.decompress(whole.subarray(frameAt));
  const rows = rowsOf(content);

  const referencesAt = COUNT_BYTES + rows.length * ROW_BYTES;
  const idsAt = referencesAt + REFERENCE_BYTES * sum(rows, ({ references }) => references);
  const textsAt = idsAt + sum(rows, ({ idLength }) => idLength ?? 0);
  if (textsAt + sum(rows, ({ textLength }) => textLength) !== content.length) throw new Error('wrong length');

  const referred = referredUuids(content.subarray(referencesAt, idsAt), uuids);
  let uuidAt = 0;
  let idAt = idsAt;
  let textAt = textsAt;
  const packed = rows.map((row): PackedLog => {
    const own = referred.subarray(uuidAt, uuidAt + row.references * UUID_BYTES);
    const id =
      row.idLength === undefined
        ? uuidText(own.subarray(-UUID_BYTES))
        : content.toString('utf8', idAt, idAt + row.idLength);
    const text = content.subarray(textAt, textAt + row.textLength);
    uuidAt += own.length;
    idAt += row.idLength ?? 0;
    textAt += row.textLength;
    return { ...row, id, text, uuids: own, added: addition?.text(id) ?? '' };
  });
  return unpack(packed, addition?.after);
}

/** Writes the JSON of all logs into one buffer, because a buffer for each takes longer than writing it. */
function unpack(packed: readonly PackedLog[], after: Buffer | undefined): DecodedLog[] {
  const buffer = Buffer.allocUnsafe(
    sum(packed, ({ jsonLength, added }) => jsonLength + Buffer.byteLength(added)),
  );
  let start = 0;
  return packed.map(({ application, id, text, uuids, jsonLength, added }) => {
    let end = start;
    let rest = text;
    if (after !== undefined) {
      const position = text.indexOf(after) + after.length;
      end = writeUnpacked(text.subarray(0, position), uuids, buffer, end);
      end += buffer.write(added, end);
      rest = text.subarray(position);
    }
    end = writeUnpacked(rest, uuids, buffer, end);
    const json = buffer.subarray(start, end);
    if (json.length !== jsonLength + Buffer.byteLength(added)) throw new Error('a log has another length');
    start = end;
    return { application, id, json };
  });
}

/** A log whose UUIDs are not put back yet. */
interface PackedLog extends Pick<Row, 'application' | 'jsonLength'> {
  readonly id: string;
  readonly text: Buffer;
  /** Of the text, and of the id if it is one. */
  readonly uuids: Buffer;
  readonly added: string;
}

interface Row {
  readonly application: Application;
  /** Undefined if the id is the log's last UUID. */
  readonly idLength: number | undefined;
  readonly references: number;
  readonly textLength: number;
  readonly jsonLength: number;
}

function rowsOf(content: Buffer): Row[] {
  return Array.from({ length: content.readUInt16BE(0) }, (_, i) => {
    const at = COUNT_BYTES + i * ROW_BYTES;
    const application = APPLICATIONS[content.readUInt8(at)];
    if (application === undefined) throw new Error('unknown application');
    const idLength = content.readUInt8(at + 1);
    return {
      application,
      idLength: idLength === UUID_IS_ID ? undefined : idLength,
      references: content.readUInt8(at + 2),
      textLength: content.readUIntBE(at + 3, 3),
      jsonLength: content.readUIntBE(at + 6, 3),
    };
  });
}

/** The different UUIDs of all logs, in the order of their first use, as texts of 16 Latin-1 characters. */
function uuidTable() {
  const indexes = new Map<string, number>();
  const uuids: string[] = [];
  const refer = (uuid: string): number => {
    const index = indexes.get(uuid);
    if (index !== undefined) return index + 1;
    indexes.set(uuid, uuids.push(uuid) - 1);
    return NEXT_UUID;
  };
  return { uuids, refer };
}

/** The UUIDs of all references, one after the other. */
function referredUuids(references: Buffer, uuids: Buffer): Buffer {
  const referred = Buffer.allocUnsafe((references.length / REFERENCE_BYTES) * UUID_BYTES);
  let next = 0;
  for (let at = 0; at < referred.length; at += UUID_BYTES) {
    const reference = references.readUInt16BE((at / UUID_BYTES) * REFERENCE_BYTES);
    const from = UUID_BYTES * (reference === NEXT_UUID ? next++ : reference - 1);
    if (from + UUID_BYTES > uuids.length) throw new Error('refers to a UUID that is not there');
    for (let byte = 0; byte < UUID_BYTES; byte++) referred[at + byte] = uuids[from + byte] as number;
  }
  return referred;
}

function toBytes(references: readonly number[]): Buffer {
  const bytes = Buffer.alloc(references.length * REFERENCE_BYTES);
  references.forEach((reference, i) => {
    bytes.writeUInt16BE(reference, i * REFERENCE_BYTES);
  });
  return bytes;
}

function uuidText(uuid: Buffer): string {
  const hex = uuid.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);
