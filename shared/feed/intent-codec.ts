import { APPLICATIONS, type Application } from '../event/bus-events.ts';
import dictionary2 from '../log/dictionaries/dictionary-2.ts';
import { type PackedText, UUID_BYTES, unpackUuids } from '../log/uuid-packing.ts';
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

/** Level 6 is twice as fast as 9, and takes 3 % more bytes (docs/performance.md#the-feed). */
const frames = zstdFrames(dictionary2, 6);

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
    const idUuid = UUID_ID.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : undefined;
    const before = references.length;
    for (let i = 0; i < packed.uuids.length; i += UUID_BYTES)
      references.push(table.refer(packed.uuids.toString('latin1', i, i + UUID_BYTES)));
    if (idUuid) references.push(table.refer(idUuid.toString('latin1')));
    else ids += id;
    texts += packed.text;
    at = rows.writeUInt8(APPLICATIONS.indexOf(application), at);
    at = rows.writeUInt8(idUuid ? UUID_IS_ID : Buffer.byteLength(id), at);
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

/**
 * @throws UnknownFeedVersion if a later release wrote the intent
 * @throws FeedItemDamaged if the bytes are not what was written
 */
export function decodeIntent(encoded: Buffer): DecodedLog[] {
  const whole = checkedContent(encoded, VERSION, 'intent');
  try {
    return decodeVersion1(whole);
  } catch (cause) {
    throw new FeedItemDamaged('the intent cannot be decoded', { cause });
  }
}

function decodeVersion1(whole: Buffer): DecodedLog[] {
  const frameAt = COUNT_BYTES + whole.readUInt16BE(0) * UUID_BYTES;
  const uuids = whole.subarray(COUNT_BYTES, frameAt);
  const content = frames.decompress(whole.subarray(frameAt));
  const rows = rowsOf(content);

  const referencesAt = COUNT_BYTES + rows.length * ROW_BYTES;
  const idsAt = referencesAt + REFERENCE_BYTES * sum(rows, ({ references }) => references);
  const textsAt = idsAt + sum(rows, ({ idLength }) => idLength ?? 0);
  if (textsAt + sum(rows, ({ textLength }) => textLength) !== content.length) throw new Error('wrong length');

  const reference = referenceReader(content, referencesAt, uuids);
  let idAt = idsAt;
  let textAt = textsAt;
  return rows.map((row) => {
    const own = Buffer.allocUnsafe(row.references * UUID_BYTES);
    for (let i = 0; i < row.references; i++) reference().copy(own, i * UUID_BYTES);
    const id =
      row.idLength === undefined
        ? uuidText(own.subarray(-UUID_BYTES))
        : content.toString('utf8', idAt, idAt + row.idLength);
    const json = unpackUuids(content.subarray(textAt, textAt + row.textLength), own, row.jsonLength);
    idAt += row.idLength ?? 0;
    textAt += row.textLength;
    return { application: row.application, id, json };
  });
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

/** @returns a function that gives the UUID of each reference, one after the other */
function referenceReader(content: Buffer, start: number, uuids: Buffer): () => Buffer {
  let at = start;
  let next = 0;
  return () => {
    const reference = content.readUInt16BE(at);
    at += REFERENCE_BYTES;
    const index = reference === NEXT_UUID ? next++ : reference - 1;
    const uuid = uuids.subarray(index * UUID_BYTES, (index + 1) * UUID_BYTES);
    if (uuid.length !== UUID_BYTES) throw new Error('refers to a UUID that is not there');
    return uuid;
  };
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
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((total, value) => total + of(value), 0);
