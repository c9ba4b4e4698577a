import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { JSON_PAGES } from '../../../functions/http/answer-formats/json-pages.ts';
import type { ContentEncoding } from '../../../functions/http/negotiate-encoding.ts';
import { writeBody } from '../../../functions/http/write-body.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import type { Collection } from '../../../shared/store/collect-window.ts';

const ENCODINGS: ReadonlyArray<[ContentEncoding, (encoded: Buffer) => Buffer]> = [
  ['identity', (encoded) => encoded],
  ['gzip', (encoded) => gunzipSync(encoded)],
  ['br', (encoded) => brotliDecompressSync(encoded)],
  ['zstd', (encoded) => zstdDecompressSync(encoded)],
];

/** Documents that hardly compress, so that what an encoder holds is as large as what it was given. */
const COUNT = 4_000;
const LOGS = Array.from({ length: COUNT }, (_, i) => ({
  sortKey: String(i),
  document: encodeDocument(JSON.stringify(randomBytes(1500).toString('base64'))),
}));

/** Logs of an answer of 400 KB, which is made at once. */
const SHORT = 200;

/** What may be made ahead of a reader: chunks and buffers of all stages, half of the answer of 8 MB. */
const MOST_AHEAD = 2_000;

/** Logs that tell how many of them were taken, and whether somebody may still come for more. */
function watched(count = COUNT): { collection: Collection; taken: () => number; left: () => boolean } {
  let taken = 0;
  let left = false;
  function* inOrder() {
    try {
      for (const log of LOGS.slice(0, count)) {
        taken += 1;
        yield log;
      }
    } finally {
      left = true;
    }
  }
  const totals = { results: count, documentBytes: 0, encodedBytes: 0 };
  return {
    collection: { ...totals, read: count, readUntil: undefined, inOrder },
    taken: () => taken,
    left: () => left,
  };
}

/** A connection that takes a first chunk, and more only when it is told to read on. */
function stalledConnection() {
  const received: Buffer[] = [];
  const began = Promise.withResolvers<void>();
  const reading = Promise.withResolvers<void>();
  const connection = new Writable({
    write(chunk, _, callback) {
      received.push(chunk);
      began.resolve();
      void reading.promise.then(() => callback());
    },
  });
  return { connection, received, began: began.promise, readOn: reading.resolve };
}

const forever = new AbortController().signal;

/** As long as a whole answer takes, however fast this machine is. */
const timeForAnAnswer = (encoding: ContentEncoding): Promise<Buffer> =>
  buffer(writeBody(watched().collection, JSON_PAGES, encoding, forever));

describe.each(ENCODINGS)('the body of an answer as %s', (encoding, decode) => {
  // The flushes of an encoder are the only timer; `vi.getTimerCount()` tells whether it runs.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  test('is made no faster than it is read, and goes on when it is', async () => {
    const { collection, taken } = watched();
    const { connection, received, began, readOn } = stalledConnection();
    const sending = pipeline(writeBody(collection, JSON_PAGES, encoding, forever), connection);
    await began;
    await timeForAnAnswer(encoding);
    expect(taken()).toBeLessThan(MOST_AHEAD);
    readOn();
    await sending;
    expect(taken()).toBe(COUNT);
    expect(JSON.parse(decode(Buffer.concat(received)).toString())[0].securityLogs.length).toBe(COUNT);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is made no further when its reader has gone', async () => {
    const { collection, taken, left } = watched();
    const { connection, began, readOn } = stalledConnection();
    const body = writeBody(collection, JSON_PAGES, encoding, forever);
    const sending = pipeline(body, connection);
    await began;
    connection.destroy();
    await expect(sending).rejects.toThrow();
    if (!body.closed) await once(body, 'close');
    const takenByThen = taken();
    readOn();
    await timeForAnAnswer(encoding);
    expect([left(), taken()]).toEqual([true, takenByThen]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ['is long', COUNT],
    ['is short, and all of it waits for its reader', SHORT],
  ])('that %s is cut when the time is up, and is visibly not whole', async (_, count) => {
    const { collection, taken, left } = watched(count);
    const { connection, received, began, readOn } = stalledConnection();
    const deadline = new AbortController();
    const body = writeBody(collection, JSON_PAGES, encoding, deadline.signal);
    const sending = pipeline(body, connection);
    await began;
    while (taken() < SHORT) await turn();
    deadline.abort(new Error('the time is up'));
    await expect(sending).rejects.toThrow('aborted');
    readOn();
    if (!body.closed) await once(body, 'close');
    expect(connection.writableFinished).toBe(false);
    expect(left()).toBe(true);
    expect(() => JSON.parse(decode(Buffer.concat(received)).toString())).toThrow();
    expect(vi.getTimerCount()).toBe(0);
  });
});
